-- The load of wrk: users drawn by Zipf's law, and a share of writes, from a file of users.
-- Arguments: users file, host:port, seed, share of writes, "no-cache" or "-", exponent, "each"
-- (everybody once, then "ALL" is printed) or "-", accepted encodings or "-", the collection that is
-- asked for, "change" or "create".
-- A line of the file: token, id of a thing in that collection.

local requests, writes, cumulative = {}, {}, {}
local share, count = 0, 0
local asked, answered, is_each = 0, 0, false

local function draw()
  local wanted = math.random() * cumulative[count]
  local low, high = 1, count
  while low < high do
    local middle = math.floor((low + high) / 2)
    if cumulative[middle] < wanted then low = middle + 1 else high = middle end
  end
  return low
end

function init(args)
  local host, no_cache = args[2], args[5] == "no-cache" and "Cache-Control: no-cache\r\n" or ""
  share = tonumber(args[4])
  local accept = args[8] == "-" and "" or "Accept-Encoding: " .. args[8] .. "\r\n"
  local exponent, total = tonumber(args[6]), 0
  math.randomseed(tonumber(args[3]))
  for line in io.lines(args[1]) do
    local token, id = line:match("^(%S+) (%S+)$")
    local common = " HTTP/1.1\r\nHost: " .. host .. "\r\nAuthorization: Bearer " .. token .. "\r\n" ..
      accept
    count = count + 1
    requests[count] = "GET /api/v1/" .. args[9] .. common .. no_cache .. "\r\n"
    local write = args[10] == "create" and "POST /api/v1/" .. args[9] or
      "PATCH /api/v1/" .. args[9] .. "/" .. id
    writes[count] = { write .. common, 0 }
    total = total + 1 / count ^ exponent
    cumulative[count] = total
  end
  is_each = args[7] == "each"
  if is_each then
    -- Only now: where there is such a function, wrk hands it every answer, which takes its time.
    function response()
      answered = answered + 1
      if answered == count then
        io.stdout:write("ALL\n")
        io.stdout:flush()
      end
    end
  end
end

function request()
  if is_each then
    -- The rarest first, so that those who come most often are the last that caches saw.
    asked = asked % count + 1
    return requests[count + 1 - asked]
  end
  local user = draw()
  if share > 0 and math.random() < share then
    local write = writes[user]
    write[2] = write[2] + 1
    local body = '{"title":"Something of middling length, take ' .. write[2] .. '"}'
    return write[1] .. "Content-Type: application/json\r\nContent-Length: " .. #body ..
      "\r\n\r\n" .. body
  end
  return requests[user]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests":%d,"duration_us":%d,"p50_us":%d,"p95_us":%d,"p99_us":%d,' ..
    '"refused":%d,"broken":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(95),
    latency:percentile(99), errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
end
