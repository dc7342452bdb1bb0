#include "boot_book.hpp"

#include <algorithm>

namespace schemagate {
namespace {

// A boot has a dozen steps and one per migration; the report stays small whatever the catalog's size.
constexpr std::size_t steps_max = 64;
constexpr std::string_view progress_prefix = "progress_";

boost::json::value text_or_null(std::string const& text)
{
    // Parentheses: braces would make a list of one.
    return text.empty() ? boost::json::value(nullptr) : boost::json::value(text);
}

bool same_letter(char a, char b)
{
    auto const folded = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return folded(a) == folded(b);
}

// In a time that does not depend on where they differ.
bool same_secret(std::string_view given, std::string_view wanted)
{
    auto different = static_cast<unsigned>(given.size() != wanted.size());
    for (std::size_t i = 0; i < given.size(); ++i) {
        different |= static_cast<unsigned>(static_cast<unsigned char>(given[i]) ^
                                           static_cast<unsigned char>(wanted[i % wanted.size()]));
    }
    return different == 0;
}

} // namespace

void gate::book::on_event(event const& e) noexcept
{
    try {
        std::lock_guard const lock{mutex_};
        if (e.state != boot_state::refused) { // which comes with its code, by refuse()
            state_ = e.state;
        }
        if (e.step == step::leave_io && !e.fields.empty()) {
            mode_ = e.fields.front().second;
        }
        if (e.step == step::apply) {
            migration_ = e.script;
            position_ = e.position;
            of_ = e.of;
            applied_ += e.outcome == outcome::done ? 1 : 0;
        }
        note_waiting(e);
        if (e.outcome == outcome::done && steps_.size() < steps_max) {
            steps_.push_back({std::string{name(e.step)}, e.script, e.elapsed});
        }
    }
    catch (...) { // out of memory: the boot goes on, the probes say a little less
    }
}

// What is told while a statement runs: whom it waits for, how far it is, or both.
void gate::book::note_waiting(event const& e)
{
    if (e.outcome == outcome::noted) {
        return;
    }
    waiting_for_.clear();
    waiting_details_.clear();
    progress_.clear();
    auto const waits =
        e.outcome == outcome::waiting || (e.outcome == outcome::retrying && e.step == step::apply);
    if (!waits) {
        return;
    }
    for (auto const& each : e.fields) {
        (each.first.starts_with(progress_prefix) ? progress_ : waiting_details_).push_back(each);
    }
    if (progress_.empty() || !waiting_details_.empty()) {
        waiting_for_ = e.message;
    }
}

void gate::book::admit(boot_report const& result)
{
    std::lock_guard const lock{mutex_};
    state_ = boot_state::open;
    migration_.clear();
    waiting_for_.clear();
    waiting_details_.clear();
    progress_.clear();
    code_.clear(); // of an earlier refusal that was held
    refusal_.clear();
    refusal_fix_.clear();
    admitted_ = result;
}

void gate::book::refuse(failure const& why)
{
    std::lock_guard const lock{mutex_};
    state_ = boot_state::refused;
    code_ = why.code_name();
    refusal_ = why.message();
    refusal_fix_ = why.fix();
}

void gate::book::enter(boot_state state)
{
    std::lock_guard const lock{mutex_};
    state_ = state;
}

void gate::book::trouble(std::string reason, bool serves_on)
{
    std::lock_guard const lock{mutex_};
    if (admitted_) {
        trouble_ = std::move(reason);
        serves_on_ = serves_on;
    }
}

bool gate::book::ready() const
{
    return state_ == boot_state::open && (trouble_.empty() || serves_on_);
}

probe_answer gate::book::livez() const
{
    std::lock_guard const lock{mutex_};
    return {200, boost::json::serialize(summary())};
}

probe_answer gate::book::readyz() const
{
    std::lock_guard const lock{mutex_};
    return {ready() ? 200 : 503, boost::json::serialize(summary())};
}

boost::json::object gate::book::summary() const
{
    boost::json::object o;
    o["state"] = name(state_);
    o["migration"] = text_or_null(migration_);
    o["position"] = position_;
    o["of"] = of_;
    o["elapsed_ms"] = (admitted_ ? admitted_->elapsed
                                 : std::chrono::duration_cast<std::chrono::milliseconds>(
                                       std::chrono::steady_clock::now() - began_))
                          .count();
    o["mode"] = admitted_ ? boost::json::value(name(admitted_->mode)) : text_or_null(mode_);
    o["admission"] =
        admitted_ ? boost::json::value(name(admitted_->admission().kind())) : boost::json::value(nullptr);
    o["schema_version"] = admitted_ ? text_or_null(admitted_->schema_version) : boost::json::value(nullptr);
    o["code"] = text_or_null(code_);
    if (!trouble_.empty()) {
        o["reason"] = trouble_;
        o["degraded"] = serves_on_;
    }
    return o;
}

void gate::book::require_token(secret token)
{
    std::lock_guard const lock{mutex_};
    token_ = std::move(token);
}

bool gate::book::is_unchecked() const
{
    std::lock_guard const lock{mutex_};
    return admitted_ && admitted_->admission().kind() == admission_kind::unchecked;
}

bool gate::book::may_see_details(std::string_view authorization) const
{
    constexpr std::string_view scheme = "Bearer ";
    if (token_.empty() || authorization.size() < scheme.size() ||
        !std::equal(scheme.begin(), scheme.end(), authorization.begin(), same_letter)) { // RFC 9110, 11.1
        return false;
    }
    return same_secret(authorization.substr(scheme.size()), token_.reveal());
}

boost::json::value gate::book::waiting_for(bool in_detail) const
{
    if (waiting_for_.empty()) {
        return nullptr;
    }
    if (!in_detail) { // hosts, roles and queries of whoever is waited for are not for everybody
        return "another process, or a server that may be written";
    }
    boost::json::object o{{"reason", waiting_for_}};
    for (auto const& [name, value] : waiting_details_) {
        constexpr std::string_view prefix = "holder_";
        auto const key = name.starts_with(prefix) ? name.substr(prefix.size()) : name;
        o[key] = value;
    }
    return o;
}

// As pg_stat_progress_create_index has it; counts nothing that is not for everybody.
boost::json::value gate::book::progress() const
{
    if (progress_.empty()) {
        return nullptr;
    }
    boost::json::object o;
    for (auto const& [name, value] : progress_) {
        o[name.substr(progress_prefix.size())] = value;
    }
    return o;
}

probe_answer gate::book::status(std::string_view authorization) const
{
    std::lock_guard const lock{mutex_};
    auto const in_detail = may_see_details(authorization);
    auto o = summary();
    o["waiting_for"] = waiting_for(in_detail);
    o["progress"] = progress();
    if (in_detail && !refusal_.empty()) {
        o["message"] = refusal_;
        o["fix"] = refusal_fix_;
    }
    o["applied"] = admitted_ ? admitted_->applied().size() : applied_;
    if (admitted_) {
        boost::json::array names;
        for (auto const& applied : admitted_->applied()) {
            names.emplace_back(applied);
        }
        o["applied_migrations"] = std::move(names);
        o["lock_wait_ms"] = admitted_->lock_wait.count();
        o["catalog"] = "sha256:" + admitted_->catalog_digest;
        o["database_newer"] = admitted_->database_newer;
    }
    boost::json::array steps;
    for (auto const& s : steps_) {
        boost::json::object one{{"step", s.name}, {"elapsed_ms", s.elapsed.count()}};
        if (!s.script.empty()) {
            one["script"] = s.script;
        }
        steps.push_back(std::move(one));
    }
    o["steps"] = std::move(steps);
    return {200, boost::json::serialize(o)};
}

} // namespace schemagate
