// Whole answers, kept for five minutes by user and address, dropped when that user writes.

import { createHash } from 'node:crypto'

import { Redis } from 'ioredis'
import { LRUCache } from 'lru-cache'

const TTL_S = 300
const CAPACITY_BYTES = 128 << 20

export const caches = { none: () => null, lru: openLru, redis: openRedis }

function answerOf(text, link) {
  const body = Buffer.from(text)
  const etag = `"${createHash('sha1').update(body).digest('base64url')}"`
  return { body, etag, link }
}

function openLru() {
  const users = new LRUCache({
    maxSize: CAPACITY_BYTES,
    ttl: TTL_S * 1000,
    sizeCalculation: (answers) => {
      let size = 1
      for (const answer of answers.values()) size += answer.body.length + 1000
      return size
    },
  })
  return {
    get: (user, url) => users.get(user)?.get(url),
    put(user, url, text, link) {
      const answer = answerOf(text, link)
      const answers = new Map(users.get(user))
      users.set(user, answers.set(url, answer))
      return answer
    },
    drop: (user) => users.delete(user),
  }
}

// A hash for each user: one command reads an answer, one forgets all of them.
async function openRedis(given) {
  const redis = new Redis(given.redis_url, { enableAutoPipelining: true })
  await redis.ping()
  return {
    async get(user, url) {
      const key = `tracks:${user}`
      const [body, etag, link] = await redis.hmgetBuffer(key, url, `${url} etag`, `${url} link`)
      if (body === null || etag === null) return undefined
      return { body, etag: etag.toString(), link: link.toString() }
    },
    async put(user, url, text, link) {
      const answer = answerOf(text, link)
      const key = `tracks:${user}`
      await Promise.all([
        redis.hset(key, url, answer.body, `${url} etag`, answer.etag, `${url} link`, link),
        redis.expire(key, TTL_S),
      ])
      return answer
    },
    drop: (user) => redis.unlink(`tracks:${user}`),
  }
}
