#include "traffic.hpp"

#include <csignal>

namespace drill {

using contract::answer;

namespace {

// An answer without Age was made from what was in the database at most this long ago (it is confirmed once a
// second, and Age is said from 3 s on), and a second for a loaded machine.
constexpr auto unsaid_age = 4s;

std::string problem_of(answer const& a)
{
    return std::to_string(a.status) + " " + a.code();
}

} // namespace

std::string template_of(int version)
{
    return "Version " + std::to_string(version) + " greets {{ who }}.";
}

// Asks its own replica, or the other one where that is gone, until it is there again.
class traffic::client
{
public:
    client(traffic& of, std::size_t home) : of_{of}, home_{home} {}

    answer ask(contract::asking const& what)
    {
        int const at_home = of_.ports_[home_];
        is_home_ = at_home != gone_;
        int const port = is_home_ ? at_home : of_.ports_[1 - home_].load();
        if (!http_ || port != port_) {
            http_ = std::make_unique<support::http_client>(port);
            port_ = port;
        }
        answer a{http_->ask(contract::request_of(what))};
        if (a.status == 0) {
            http_.reset();
            if (is_home_ && of_.options_.replicas_die) {
                gone_ = port;
            }
        }
        return a;
    }
    /// Who answered last.
    [[nodiscard]] std::size_t replica() const noexcept { return is_home_ ? home_ : 1 - home_; }

private:
    traffic& of_;
    std::size_t home_;
    bool is_home_ = true;
    int gone_ = 0;
    int port_ = 0;
    std::unique_ptr<support::http_client> http_;
};

traffic::traffic(std::string key_that_writes, std::array<int, 2> ports, traffic_options options)
    : key_{std::move(key_that_writes)}, options_{options}, ports_{ports[0], ports[1]}
{
    wrk_ = std::make_unique<support::child_process>(
        "/usr/bin/wrk",
        std::vector<std::string>{"-t", "1", "-c", "8", "-d", "1h", "-s", DRILL_LUA,
                                 "http://127.0.0.1:" + std::to_string(ports[1]) + "/v1/prompts/" + prompt},
        support::environment{{"DRILL_KEY", key_}});
    for (std::size_t home = 0; home < ports.size(); ++home) {
        auto const name = std::to_string(home);
        threads_.emplace_back([this, home, name] { ask_over_and_over(kind::fetch, home, "f" + name); });
        threads_.emplace_back([this, home, name] { ask_over_and_over(kind::render, home, "r" + name); });
        threads_.emplace_back([this, home, name] { ask_over_and_over(kind::durable, home, "d" + name); });
    }
    threads_.emplace_back([this] { move_label(); });
}

traffic::~traffic()
{
    stop_ = true;
    for (auto& one : threads_) {
        one.join();
    }
}

std::size_t traffic::durable_so_far() const
{
    return durable_;
}

traffic::outcome const& traffic::end()
{
    stop_ = true;
    for (auto& one : threads_) {
        one.join();
    }
    threads_.clear();
    wrk_->kill(SIGINT);
    (void)wrk_->wait();
    auto const said = wrk_->out();
    auto const line = said.find("DONE ");
    outcome_.wrk = line == std::string::npos ? said + wrk_->err() : said.substr(line);
    return outcome_;
}

void traffic::ask_over_and_over(kind what, std::size_t home, std::string const& name)
{
    client at{*this, home};
    std::vector<std::string> ids;
    worst_gap gap;
    std::size_t answers = 0;
    std::string fault;
    for (int n = 0; !stop_; ++n) {
        auto const who = name + "-" + std::to_string(n);
        contract::asking asking{"GET", "/v1/prompts/"s + prompt, {}, key_};
        if (what != kind::fetch) {
            asking.method = "POST";
            asking.target += what == kind::durable ? "/render?durable=true" : "/render";
            asking.body = R"({"variables":{"who":")" + who + R"("}})";
        }
        auto const asked = clock::now();
        auto const a = at.ask(asking);
        if (a.status == 0 && options_.replicas_die) {
            refused("no answer");
        }
        else if (a.status == 503 && what == kind::durable && !a.header("retry-after").empty()) {
            refused("durable render: " + problem_of(a));
        }
        else if (auto found = fault_of(what, a, who, asked, at.replica() == 1); !found.empty()) {
            fault = fault.empty() ? found : fault;
        }
        else {
            ++answers;
            gap.answered(clock::now());
            if (what != kind::fetch) {
                ids.push_back(a.text("/execution_id"));
                durable_ += what == kind::durable ? 1 : 0;
            }
        }
        std::this_thread::sleep_for(2ms);
    }
    gap.answered(clock::now()); // or never again: that is a gap, too
    if (!fault.empty()) {
        wrong(std::move(fault));
    }
    add(what, std::move(ids), gap, answers);
}

std::string traffic::fault_of(kind what, answer const& a, std::string const& who, clock::time_point asked,
                              bool is_mover) const
{
    auto const said = [&a](std::string const& fault) {
        return fault + ": " + std::to_string(a.status) + " " + a.body.substr(0, 300);
    };
    if (auto const rule = contract::broken_rule(a); !rule.empty() || a.status != 200) {
        return said("not a right 200 " + rule);
    }
    auto const version = static_cast<int>(a.number("/version"));
    auto wanted = template_of(version);
    if (what == kind::fetch ? a.text("/template") != wanted
                            : a.text("/rendered") != wanted.replace(wanted.find("{{"), 9, who)) {
        return said("the text of another version");
    }
    auto const age = a.header("age");
    clock::duration const staleness = is_mover && age.empty()
                                          ? clock::duration{options_.mover_staleness}
                                          : unsaid_age + std::chrono::seconds{std::stoi("0" + age)};
    return timeline_.allows(version, asked - staleness, clock::now()) ? ""
                                                                      : said("a version that had no label");
}

void traffic::move_label()
{
    client at{*this, 1};
    for (int n = 1; !stop_; ++n) {
        int const version = 1 + n % versions;
        timeline_.sent(version);
        auto const a = at.ask({"PUT", "/v1/prompts/"s + prompt + "/labels/production",
                               R"({"version":)" + std::to_string(version) + "}", key_});
        if (a.status == 200) {
            timeline_.confirmed();
        }
        else if (a.status == 503) {
            refused("move: " + problem_of(a));
        }
        else {
            wrong("a move: " + std::to_string(a.status) + " " + a.body);
        }
        std::this_thread::sleep_for(options_.pause_between_moves);
    }
}

void traffic::add(kind what, std::vector<std::string> ids, worst_gap const& gap, std::size_t answers)
{
    std::lock_guard const lock{mutex_};
    auto& longest = what == kind::fetch    ? outcome_.fetch_gap
                    : what == kind::render ? outcome_.render_gap
                                           : outcome_.durable_gap;
    longest = std::max(longest, gap.longest);
    auto& all = what == kind::durable ? outcome_.durable : outcome_.queued;
    all.insert(all.end(), ids.begin(), ids.end());
    outcome_.answers += answers;
}

void traffic::refused(std::string const& what)
{
    std::lock_guard const lock{mutex_};
    ++outcome_.refused[what];
}

void traffic::wrong(std::string what)
{
    std::lock_guard const lock{mutex_};
    if (outcome_.wrong.size() < 20) {
        outcome_.wrong.push_back(std::move(what));
    }
}

} // namespace drill
