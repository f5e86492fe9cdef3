"""The suite, and the program that most of its tests share."""
from clicks.visitors import Site
from harness import Suite

suite = Suite()
sites = []

BOTS = ["Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)"]
PREFETCHES = [{"Sec-Purpose": "prefetch"}, {"Sec-Purpose": "prefetch;prerender"},
              {"Purpose": "prefetch"}, {"X-Moz": "prefetch"}]
IPHONE = ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
          "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1")
IPAD = ("Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
        "Version/17.5 Mobile/15E148 Safari/604.1")


def say(text):
    print(f"   {text}", flush=True)


def site():
    """The program that most tests share."""
    if not sites:
        sites.append(Site())
    return sites[0]


@suite.at_end
def close():
    """Ends it."""
    for each in sites:
        each.close()
