// A guardrail's config and a text, both from outside: a config is taken or refused with its place, and what
// is found keeps the promises of screening_promises.hpp. The first byte chooses one of our screens, or that
// the first line is a config.
#include <cctype>
#include <optional>

#include <boost/json.hpp>

#include "broken_promise.hpp"
#include "configs.hpp"
#include "screening_promises.hpp"

namespace {

std::vector<app::screen> const& screens()
{
    static auto const all = std::vector<app::screen>{
        app::screen::compile("pii_detection", {}),
        app::screen::compile("pii_detection", configs::seed("pii_detection_basic")),
        app::screen::compile("pii_detection", configs::adopted_pii()),
        app::screen::compile("prompt_injection", configs::seed("prompt_injection_detection")),
        app::screen::compile("prompt_injection", configs::adopted_injection())};
    return all;
}

std::optional<app::screen> compiled(std::string_view type, std::string_view config)
{
    auto error = boost::json::error_code{};
    auto const value = boost::json::parse({config.data(), config.size()}, error);
    if (error || !value.is_object()) {
        return std::nullopt;
    }
    try {
        return app::screen::compile(type, value.get_object());
    }
    catch (app::pattern_invalid const& reason) {
        promise(reason.path().starts_with("/config"), "a refusal says where", reason.path());
        promise(std::string_view{reason.what()}.ends_with("."), "a refusal is a sentence", reason.what());
        return std::nullopt;
    }
}

void check(app::screen const& screen, std::string_view text, bool is_ours)
{
    auto broken = promises::broken_by_finding(screen, text);
    promise(broken.empty(), broken, std::string{text});
    if (is_ours) { // another's pattern may fit the placeholder
        broken = promises::left_by_redaction(screen, text);
        promise(broken.empty(), broken, std::string{text});
    }
    for (auto const how : {app::folding{}, app::folding{.white_space = false, .look_alikes = false}}) {
        broken = promises::broken_by_folding(text, how);
        promise(broken.empty(), broken, std::string{text});
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size)
{
    if (size == 0) {
        return 0;
    }
    auto const input = std::string{data, data + size}.substr(1);
    auto const choice = static_cast<std::size_t>(data[0]) % (screens().size() + 3);
    if (choice < screens().size()) {
        check(screens()[choice], input, true);
        return 0;
    }
    constexpr std::string_view types[] = {"pii_detection", "prompt_injection", "content_policy"};
    auto const line = input.find('\n');
    if (line == input.npos) {
        return 0;
    }
    auto const type = types[choice - screens().size()];
    if (auto const screen = compiled(type, std::string_view{input}.substr(0, line))) {
        check(*screen, std::string_view{input}.substr(line + 1), false);
    }
    return 0;
}
