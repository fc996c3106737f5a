"""What Redis runs to count a request: one script for each way of counting, one key for a subject.

They go by Redis' own clock, so that processes whose clocks differ agree. Times are whole
microseconds, which Lua's numbers hold exactly.
"""

from typing import Final

# GCRA (ITU-T I.371). Kept: when the quota will be whole again. Given: how long one request takes
# to grow back, how many the quota has, how many are counted at once. Answered: whether they were,
# and how much of the quota's time is used with them.
QUOTA: Final = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local interval, quota, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local whole = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
local used = whole - now + interval * cost
if used > interval * quota then
  return {0, used}
end
redis.call('SET', KEYS[1], string.format('%.0f', now + used), 'PX', math.ceil(used / 1000))
return {1, used}
"""

# A sliding window (`window`). Given: its length in seconds, the quota. Answered: whether it was
# counted, the time in microseconds, and the window as it was before; `allowance` says the same of
# it, by the same steps.
WINDOW: Final = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local length, quota = tonumber(ARGV[1]) * 1000000, tonumber(ARGV[2])
local number = math.floor(now / length)
local kept = redis.call('HMGET', KEYS[1], 'number', 'current', 'previous')
local known, current, previous = tonumber(kept[1]), tonumber(kept[2]), tonumber(kept[3])
if known == number - 1 then
  current, previous = 0, current
elseif known ~= number then
  current, previous = 0, 0
end
local used = current + math.floor(previous * (1 - (now / length - number)))
local counted = 0
if used < quota then
  counted = 1
  redis.call('HSET', KEYS[1], 'number', number, 'current', current + 1, 'previous', previous)
  redis.call('EXPIRE', KEYS[1], 2 * tonumber(ARGV[1]))
end
return {counted, now, number, current, previous}
"""
