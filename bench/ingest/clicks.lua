-- Clicks of people that never came before: codes as drawn for the run, 40 browsers, 300 pages with
-- links, 20 campaigns, a quarter of a million addresses.
local codes, agents, count = {}, {}, 0

function init(args)
   for code in io.lines(os.getenv("CODES")) do codes[#codes + 1] = code end
   for i = 1, 40 do
      agents[i] = string.format("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%d.0.0.0 Safari/537.36", 100 + i)
   end
   math.randomseed(os.time())
   count = math.random(#codes)
end

local digits = "0123456789abcdefghjkmnpqrstvwxyz"
local function visitor()
   local text = {"0"}
   for i = 2, 26 do
      local at = math.random(32)
      text[i] = digits:sub(at, at)
   end
   return table.concat(text)
end

function request()
   count = count % #codes + 1
   local campaign = math.random(40)
   local query = campaign <= 20 and "?utm_source=mail&utm_campaign=c" .. campaign or ""
   return wrk.format("GET", "/r/" .. codes[count] .. query, {
      ["Host"] = "go.example.com",
      ["User-Agent"] = agents[math.random(40)],
      ["X-Forwarded-For"] = string.format("%d.%d.%d.%d", 80 + math.random(4), math.random(16), math.random(64), math.random(64)),
      ["Accept-Language"] = "en-US,en;q=0.5",
      ["Referer"] = "https://blog" .. math.random(30) .. ".example.org/post/" .. math.random(10),
      ["Cookie"] = "lv=" .. visitor()})
end
