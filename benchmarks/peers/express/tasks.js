// Tasks from PostgreSQL: our queries, prepared, through a pool; the same rows, counts and shape.

import { createHash, randomUUID } from 'node:crypto'

import pg from 'pg'

const MARK = createHash('sha256').update('tasks').digest('hex').slice(0, 12)
const WORD = /[\p{L}\p{N}]+/gu

// With `follow` a new task also has followed what does in ours: caches and pages are told in its
// transaction, a line is logged, and it is counted.
export function openTasks(given, follow, log) {
  let made = 0
  const pool = new pg.Pool({
    ...given.database,
    max: 20,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: 10_000,
    options: '-c plan_cache_mode=force_generic_plan -c jit=off -c timezone=UTC',
  })
  const rename = `
    UPDATE tasks SET title = $3, title_key = lower($3), version = version + 1,
      search = array_to_tsvector($4), updated_at = now()
    WHERE owner_id = $1 AND id = $2 AND deleted_at IS NULL
    RETURNING id, owner_id, project_id, title, description, status,
      (ARRAY['low', 'medium', 'high', 'urgent'])[priority + 1] AS priority, labels, position,
      start_at, due_at, assignee_id, created_by, completed_at, created_at, updated_at, deleted_at,
      version`
  return {
    async page(owner, limit) {
      const values = [owner, limit + 1, null, null, [], [], null, null, null]
      const query = { name: 'tasks', text: given.task_queries.list, values }
      const { rows } = await pool.query(query)
      const more = rows.length > limit
      if (more) rows.length = limit
      return { items: rows, next_cursor: more ? cursor(rows[rows.length - 1]) : null }
    },
    async rename(owner, title, id) {
      const values = [owner, id, title, lexemes(owner, title)]
      const { rows } = await pool.query({ name: 'rename-task', text: rename, values })
      return rows.length === 0 ? null : rows[0]
    },
    async create(owner, title) {
      const task = drafted(owner, title)
      const { lexemes: _words, title_key: _key, ...shown } = task
      const counts = [
        { project_id: NONE, measure: 'created', key: week(task.created_at), n: 1 },
        { project_id: NONE, measure: 'open', key: task.priority, n: 1 },
        { project_id: NONE, measure: 'status', key: task.status, n: 1 },
      ]
      const values = [owner, JSON.stringify([task]), JSON.stringify(counts)]
      const insert = { name: 'add-task', text: given.task_queries.insert, values }
      if (!follow) {
        await pool.query(insert)
        return shown
      }
      const tags = [`tasks:${owner}`, `task:${task.id}`]
      const data = { ids: [task.id], action: 'created' }
      const event = { id: randomUUID(), owner_id: owner, topic: 'tasks', name: 'task', data }
      const said = [tags, [`event ${JSON.stringify(event)}`], true, 7900]
      const client = await pool.connect()
      try {
        await client.query('BEGIN')
        await client.query(insert)
        await client.query({ name: 'tell', text: given.task_queries.tell, values: said })
        await client.query('COMMIT')
      } catch (fault) {
        await client.query('ROLLBACK')
        throw fault
      } finally {
        client.release()
      }
      made += 1
      log.info({ event: 'task_created', user: owner, task: task.id, made })
      return shown
    },
  }
}

const NONE = '00000000-0000-0000-0000-000000000000'

function drafted(owner, title) {
  const now = new Date()
  return {
    id: randomUUID(),
    owner_id: owner,
    project_id: null,
    parent_id: null,
    title,
    description: '',
    status: 'todo',
    priority: 'medium',
    labels: [],
    position: String(now.getTime()),
    start_at: null,
    due_at: null,
    assignee_id: null,
    subtasks_total: 0,
    subtasks_done: 0,
    comment_count: 0,
    attachment_count: 0,
    created_by: owner,
    completed_at: null,
    created_at: now,
    updated_at: now,
    deleted_at: null,
    version: 1,
    title_key: title.toLowerCase(),
    lexemes: lexemes(owner, title),
  }
}

function lexemes(owner, text) {
  const mark = owner.replaceAll('-', '').slice(-10)
  return [...new Set(text.toLowerCase().match(WORD) ?? [])].map((word) => `${mark}:${word}`)
}

// The week by ISO 8601: that of its Thursday.
function week(at) {
  const day = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()))
  day.setUTCDate(day.getUTCDate() + 4 - (day.getUTCDay() || 7))
  const first = Date.UTC(day.getUTCFullYear(), 0, 1)
  const number = Math.ceil(((day - first) / 86_400_000 + 1) / 7)
  return `${day.getUTCFullYear()}-W${String(number).padStart(2, '0')}`
}

function cursor(row) {
  const key = JSON.stringify([row.created_at, row.id])
  return Buffer.from(`${MARK}=${key}`).toString('base64url')
}
