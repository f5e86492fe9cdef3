-- Requests as browsers send them: 50,000 codes in random order, three browsers, many addresses.
local requests, next_request = {}, 0

function init(args)
   local agents = {
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
      "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
      "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0"}
   local count = 0
   for code in io.lines(os.getenv("CODES")) do
      count = count + 1
      requests[count] = wrk.format("GET", "/r/" .. code, {
         ["Host"] = "go.example.com",
         ["User-Agent"] = agents[count % 3 + 1],
         ["X-Forwarded-For"] = string.format("203.0.%d.%d", count % 256, math.floor(count / 256) % 256),
         ["Accept"] = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
         ["Accept-Language"] = "en-US,en;q=0.5",
         ["Accept-Encoding"] = "gzip, deflate, br",
         ["Referer"] = "https://blog.example.org/posts/best-of-2024",
         ["Cookie"] = "_ga=GA1.2.1234567890.1700000000; theme=dark"})
   end
   math.randomseed(os.time())
   next_request = math.random(count)
end

function request()
   next_request = next_request % #requests + 1
   return requests[next_request]
end
