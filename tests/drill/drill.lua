-- For wrk: fetches the drill's prompt over and over. What is no 200 with the text of its own version is wrong.
local threads = {}
wrk.headers["Authorization"] = "Bearer " .. os.getenv("DRILL_KEY")

function setup(thread) table.insert(threads, thread) end
function init() wrong, example = 0, "" end
function delay() return 1 end -- ms: leaves the machine room for the faults

function response(status, _, body)
    local version = body:match('"version":(%d+)')
    if status ~= 200 or not version or version ~= body:match('"template":"Version (%d+) ') then
        wrong, example = wrong + 1, status .. " " .. body
    end
end

-- One line: answers, wrong ones, connections that failed; then an example of a wrong one.
function done(summary)
    local e, all, text = summary.errors, 0, ""
    for _, thread in ipairs(threads) do
        all, text = all + thread:get("wrong"), thread:get("example")
    end
    io.write(string.format("DONE %d %d %d %s\n", summary.requests, all, e.connect + e.read + e.write + e.timeout, text))
end
