-- One consumer's turn: records events, then decides. What the engine does in a turn, as far as comparisons ask for it.
--
-- KEYS[1]  the consumer's state (MessagePack)
-- ARGV[1]  now, ms since the Unix epoch
-- ARGV[2]  seed of the draws
-- ARGV[3]  events as JSON: [[eventId, kind, brand, at, rating, touch or null] ...], touch = [ordinal, campaign, step, creative, at, reserve, spendKey, price]
-- ARGV[4]  request id, empty: nothing is decided
-- ARGV[5]  slots of each placement as JSON
-- ARGV[6…] the plan of each placement (MessagePack), see plan.mjs
--
-- Returns what became of each event (1 accepted, 2 duplicate), and the decisions as JSON.

local DAY = 86400000
local EVENT_MEMORY = 30 * DAY
local MEMO_MS, MEMOS = 300000, 8
local EXPOSURES = 256
local EPSILON = 0.1
local AWARE, INTERESTED, BOUGHT, LOYAL = 15 * DAY, 15 * DAY, 910 * DAY, 365 * DAY

local IMPRESSION, VIEWABLE, WATCHED, CLICK, ENGAGE = 1, 2, 3, 5, 6
local VIEW, CONTENT, SHOP, FOLLOW, BRAND_SEARCH, FAVORITE, COUPON, CART = 8, 9, 10, 11, 12, 13, 14, 15
local SEARCH, SAMPLE, PURCHASE, REVIEW = 16, 17, 18, 19

-- Weight, half-life, cap, by kind.
local INTENT = {
  [VIEW] = { .1, 3 * DAY, 5 }, [CONTENT] = { .15, 3 * DAY, 5 }, [SHOP] = { .2, 3 * DAY, 5 }, [FOLLOW] = { .4, 15 * DAY, 1 },
  [BRAND_SEARCH] = { .6, 5 * DAY, 3 }, [FAVORITE] = { .6, 7 * DAY, 3 }, [COUPON] = { .7, 7 * DAY, 2 }, [CART] = { 1, 7 * DAY, 3 },
}

local now = tonumber(ARGV[1])
local packed = redis.call('GET', KEYS[1])

-- o: last ordinal · e: evidence by brand · x: exposures, oldest first · m: remembered requests
local state = packed and cmsgpack.unpack(packed) or { o = 0, e = {}, x = {}, m = {} }

-- An exposure: 1 brand, 2 campaign, 3 step, 4 creative, 5 at, 6 reserved until, 7 bits of its interactions, 8 ordinal.
local function confirmed(x) return bit.band(x[7], 1) ~= 0 end
local function counts(x) return confirmed(x) or x[6] > now end
local function has(bits, kind) return bit.band(bits, bit.lshift(1, kind - 1)) ~= 0 end

local function keep(x)
  state.x[#state.x + 1] = x
  if #state.x > EXPOSURES then table.remove(state.x, 1) end
end

-- Evidence of a brand: newest instant by kind; n: counts by kind, decayed; v, p: a view and a purchase on another day than the newest.
local function evidence(brand)
  local found = state.e[brand]
  if not found then
    found = { n = {} }
    state.e[brand] = found
  end
  return found
end

local function witness(brand, kind, at, rating)
  if kind == REVIEW and (rating or 0) < 4 then return end
  local e = evidence(brand)
  local other = kind == VIEW and 'v' or kind == PURCHASE and 'p'
  local newest = e[kind]
  if other and newest and math.floor(newest / DAY) ~= math.floor(at / DAY) then
    e[other] = math.max(e[other] or 0, math.min(newest, at))
  end
  e[kind] = math.max(newest or 0, at)
  if kind == PURCHASE then e.n = {} end
  local weight = INTENT[kind]
  if weight then
    local sum = e.n[kind] or { 0, at }
    local later = math.max(sum[2], at)
    e.n[kind] = { sum[1] * 2 ^ ((sum[2] - later) / weight[2]) + 2 ^ ((at - later) / weight[2]), later }
  end
end

local function intent(e)
  local x = 0
  for kind, sum in pairs(e.n) do
    local weight = INTENT[kind]
    x = x + weight[1] * math.min(sum[1] * 2 ^ (-math.max(0, now - sum[2]) / weight[2]), weight[3])
  end
  return 100 * (1 - math.exp(-x))
end

-- The highest stage with live evidence: 0 none, 1 discover … 7 keen.
local function stage(e)
  local function live(at, window) return at and now - at < window end
  if live(e[REVIEW], LOYAL) then return 7 end
  if live(e[PURCHASE], LOYAL) and live(e.p, LOYAL) then return 6 end
  if live(e[PURCHASE], BOUGHT) then return 5 end
  if live(e[CART], INTERESTED) or live(e[FAVORITE], INTERESTED) or live(e[COUPON], INTERESTED) or live(e[SAMPLE], INTERESTED) then return 4 end
  if live(e.v, INTERESTED) or live(e[BRAND_SEARCH], INTERESTED) or live(e[CONTENT], INTERESTED) or live(e[SHOP], INTERESTED) or e[FOLLOW] then return 3 end
  if live(e[VIEW], AWARE) or live(e[CLICK], AWARE) or live(e[WATCHED], AWARE) or live(e[ENGAGE], AWARE) or live(e[SEARCH], AWARE) then return 2 end
  if live(e[VIEWABLE], AWARE) or live(e[IMPRESSION], AWARE) then return 1 end
  return 0
end

local function track(brand, kind, touch)
  local found
  for i = #state.x, 1, -1 do
    if state.x[i][8] == touch[1] and state.x[i][5] == touch[5] then
      found = state.x[i]
      break
    end
  end
  if not found then
    found = { brand, touch[2], touch[3], touch[4], touch[5], touch[5] + touch[6], 0, touch[1] }
    keep(found)
  end
  if has(found[7], kind) then return false end
  found[7] = found[7] + 2 ^ (kind - 1)
  if kind == IMPRESSION and touch[8] > 0 and now <= found[6] then redis.call('INCRBY', touch[7], touch[8]) end
  return true
end

local function record(event)
  local id, kind, brand, at, rating, touch = event[1], event[2], event[3], event[4], event[5], event[6]
  if id ~= '' and not redis.call('SET', 'd:' .. KEYS[1] .. ':' .. id, 1, 'NX', 'PX', EVENT_MEMORY) then return 2 end
  if touch ~= cjson.null and not track(brand, kind, touch) then return 2 end
  witness(brand, kind, at, rating)
  return 1
end

-- Whether one more is within the caps: pairs of most and window (0: for ever) in plan[from … from + 2·caps − 1].
local function within(plan, from, caps, shown, what, value)
  for c = 0, caps - 1 do
    local most, since, n = plan[from + 2 * c], plan[from + 2 * c + 1], 0
    since = since == 0 and 0 or now - since
    for i = 1, #shown do
      local x = shown[i]
      if x[5] > since and x[what] == value and counts(x) then n = n + 1 end
    end
    if n >= most then return false end
  end
  return true
end

local function opened(plan, at, afters, shown)
  for a = 0, afters - 1 do
    local step, kind, times, n = plan[at + 3 * a], plan[at + 3 * a + 1], plan[at + 3 * a + 2], 0
    for i = 1, #shown do
      if shown[i][3] == step and has(shown[i][7], kind) then n = n + 1 end
    end
    if n >= times then return true end
  end
  return false
end

local function by_brand()
  local shown = {}
  for i = 1, #state.x do
    local x = state.x[i]
    local list = shown[x[1]]
    if list then list[#list + 1] = x else shown[x[1]] = { x } end
  end
  return shown
end

local NOTHING = {}

-- How many of a step's creatives this request has not shown yet.
local function unchosen(plan, first, arms, chosen)
  local left = arms
  if chosen then
    for i = first, first + arms - 1 do
      if chosen[plan[i]] then left = left - 1 end
    end
  end
  return left
end

-- The n-th of them.
local function creative_of(one, n, chosen)
  local plan, i = one[12], one[13]
  while true do
    if not chosen or not chosen[plan[i]] then
      n = n - 1
      if n == 0 then return plan[i] end
    end
    i = i + 1
  end
end

-- The furthest open step of a campaign from plan[at] on that has room: its offer, or nothing; and where the campaign's plan ends.
local function offer(plan, at, brand, reserve, shown, level, warmth, chosen)
  local campaign, priority, value, price, budget, caps, steps = unpack(plan, at, at + 6)
  local free = within(plan, at + 7, caps, shown, 2, campaign)
  at = at + 7 + 2 * caps
  local best
  for _ = 1, steps do
    local step, mask, least, afters, limits, arms = unpack(plan, at, at + 5)
    local after = at + 6
    local limit = after + 3 * afters
    local first = limit + 2 * limits
    at = first + arms
    if free then
      local seen = false
      for i = 1, #shown do
        if shown[i][3] == step and confirmed(shown[i]) then seen = true end
      end
      -- What stands before the furthest step seen is over.
      if seen then best = nil end
      if (has(mask, level + 1) or (least > 0 and warmth >= least) or opened(plan, after, afters, shown)) and within(plan, limit, limits, shown, 3, step) then
        local left = unchosen(plan, first, arms, chosen[brand])
        if left > 0 then
          best = { brand, campaign, step, left, priority, value, price, budget, level, warmth, reserve, plan, first }
        end
      end
    end
  end
  return best, at
end

local function offers(plan, chosen)
  local shown, found, top = by_brand(), {}, -1
  local at, brands = 2, plan[1]
  for _ = 1, brands do
    local brand, length, reserve, caps, campaigns = unpack(plan, at, at + 4)
    local next_brand = at + length
    local e, own = state.e[brand], shown[brand] or NOTHING
    local level, warmth = e and stage(e) or 0, e and intent(e) or 0
    if within(plan, at + 5, caps, own, 1, brand) then
      local from = at + 5 + 2 * caps
      for _ = 1, campaigns do
        local one
        one, from = offer(plan, from, brand, reserve, own, level, warmth, chosen)
        if one and one[5] >= top then
          if one[5] > top then found, top = {}, one[5] end
          found[#found + 1] = one
        end
      end
    end
    at = next_brand
  end
  return found
end

-- ε-greedy over groups of equal arms.
local function draw(found, chosen)
  local best, arms, ties = -1, 0, 0
  for i = 1, #found do
    local value, n = found[i][6], found[i][4]
    ties = value > best and n or value == best and ties + n or ties
    best = math.max(best, value)
    arms = arms + n
  end
  local left = math.random()
  for i = 1, #found do
    local one = found[i]
    local each = EPSILON / arms + (one[6] == best and (1 - EPSILON) / ties or 0)
    local mass = each * one[4]
    if left < mass or i == #found then
      return i, creative_of(one, math.min(math.floor(left / each) + 1, one[4]), chosen[one[1]]), each
    end
    left = left - mass
  end
end

local function affordable(one)
  local price, budget = one[7], one[8]
  return budget == 0 or tonumber(redis.call('GET', 's:' .. one[1] .. ':' .. one[2]) or 0) + price <= budget
end

local function fill(plan, slots, chosen)
  local decisions = {}
  for _ = 1, slots do
    local found = offers(plan, chosen)
    local index, creative, propensity = draw(found, chosen)
    while index and not affordable(found[index]) do
      table.remove(found, index)
      index, creative, propensity = draw(found, chosen)
    end
    if not index then return decisions, true end
    local one = found[index]
    state.o = state.o + 1
    keep({ one[1], one[2], one[3], creative, now, now + one[11], 0, state.o })
    chosen[one[1]] = chosen[one[1]] or {}
    chosen[one[1]][creative] = true
    decisions[#decisions + 1] = { one[1], one[2], one[3], creative, one[9], one[10], one[6], propensity, state.o }
  end
  return decisions, false
end

local function decide(request)
  for i = 1, #state.m do
    if state.m[i][1] == request and now - state.m[i][2] < MEMO_MS then return state.m[i][3] end
  end
  math.randomseed(tonumber(ARGV[2]))
  local slots, placements, chosen = cjson.decode(ARGV[5]), {}, {}
  for p = 1, #slots do
    local decisions, short = fill(cmsgpack.unpack(ARGV[5 + p]), slots[p], chosen)
    placements[p] = { #decisions > 0 and decisions or 0, short and 1 or 0 }
  end
  local reply = cjson.encode({ now, placements })
  state.m[#state.m + 1] = { request, now, reply }
  if #state.m > MEMOS then table.remove(state.m, 1) end
  return reply
end

local results = {}
for i, event in ipairs(cjson.decode(ARGV[3])) do results[i] = record(event) end
local reply = ARGV[4] ~= '' and decide(ARGV[4]) or ''
redis.call('SET', KEYS[1], cmsgpack.pack(state))
return { results, reply }
