// Jobs that do nothing, by BullMQ: `jobs.js enqueue|process REDIS_URL COUNT`; prints jobs a second.
//
// BULK and CONCURRENCY are the best that were tried on two cores.

import { Queue, Worker } from 'bullmq'

const BULK = Number(process.env.BULK ?? 1_000)
const CONCURRENCY = Number(process.env.CONCURRENCY ?? 200)
const [what, url, text] = process.argv.slice(2)
const count = Number(text)
const { hostname, port } = new URL(url)
const connection = { host: hostname, port: Number(port), maxRetriesPerRequest: null }
const queue = new Queue('bench', { connection })

async function enqueue() {
  await queue.waitUntilReady()
  const began = performance.now()
  for (let start = 0; start < count; start += BULK) {
    const size = Math.min(BULK, count - start)
    await queue.addBulk(Array.from({ length: size }, () => ({ name: 'noop', data: {} })))
  }
  return performance.now() - began
}

// From the first claim to the last completion, as ours.
function work() {
  return new Promise((resolve, reject) => {
    let began = 0
    let done = 0
    const noop = async () => {
      began ||= performance.now()
    }
    const worker = new Worker('bench', noop, { connection, concurrency: CONCURRENCY })
    worker.on('completed', () => {
      done += 1
      if (done === count) resolve(performance.now() - began)
    })
    worker.on('failed', (_job, fault) => reject(fault))
    worker.on('error', reject)
  })
}

await queue.obliterate({ force: true })
let tookMs = await enqueue()
if (what === 'process') tookMs = await work()
console.log(JSON.stringify({ rate_per_s: (count / tookMs) * 1000 }))
process.exit(0)
