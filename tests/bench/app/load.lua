-- For wrk: the same request over and over, and one line at the end: requests, seconds, p50 and p99 in milliseconds, errors.
wrk.headers["Authorization"] = "Bearer " .. os.getenv("BENCH_KEY")
wrk.headers["If-None-Match"] = os.getenv("BENCH_IF_NONE_MATCH")
if os.getenv("BENCH_REQUEST") then
    wrk.method = "POST"
    wrk.body = os.getenv("BENCH_REQUEST")
    wrk.headers["Content-Type"] = "application/json"
end

function done(summary, latency, requests)
    local e = summary.errors
    local errors = e.connect + e.read + e.write + e.status + e.timeout
    io.write(string.format("DONE %d %.6f %.3f %.3f %d\n", summary.requests, summary.duration / 1e6,
        latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, errors))
end
