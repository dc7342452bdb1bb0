#include "render/resolution.hpp"

#include "experiment/assignment.hpp"
#include "http/problem.hpp"
#include "prompt/builtin_prompts.hpp"
#include "prompt/prompt_name.hpp"

namespace app {
namespace {

struct builtin
{
    std::shared_ptr<served_version const> version;
    std::string category;
};

builtin const* builtin_of(std::string_view name)
{
    static std::map<std::string, builtin, std::less<>> const all = [] {
        std::map<std::string, builtin, std::less<>> out;
        for (auto const& one : builtin_prompts()) {
            auto made = std::make_shared<served_version>();
            made->content = one.content;
            made->problems = made->content.compile(made->compiled);
            out.emplace(one.content.name, builtin{std::move(made), one.category});
        }
        return out;
    }();
    auto const found = all.find(name);
    return found == all.end() ? nullptr : &found->second;
}

std::optional<resolution> by_experiment(snapshot const& in, served_prompt const& p, std::string_view user_id)
{
    auto const running = in.experiments.find(p.name);
    if (running == in.experiments.end()) {
        return std::nullopt;
    }
    resolution out;
    out.by = &running->second;
    out.assigned = assign(running->second, user_id);
    out.version = out.assigned == nullptr ? nullptr : p.version(out.assigned->version);
    out.category = p.category;
    return out.version ? std::optional{std::move(out)} : std::nullopt;
}

} // namespace

resolution resolve(snapshot const& in, wanted_version const& wanted)
{
    if (wanted.label && wanted.version) {
        throw bad_request("Give label or version, not both.");
    }
    auto const* const p = in.find(wanted.name);
    bool const served = p != nullptr && !p->is_archived;
    resolution out;
    if (served) {
        out.category = p->category;
    }
    if (wanted.version) {
        out.version = p == nullptr || *wanted.version > std::numeric_limits<int>::max()
                          ? nullptr
                          : p->version(static_cast<int>(*wanted.version));
        if (!out.version) {
            throw problem{404, p == nullptr ? "prompt-not-found" : "version-not-found",
                          "There is no such version of a prompt of this name."};
        }
        return out;
    }
    if (served && !wanted.label && wanted.in_experiments) {
        if (auto found = by_experiment(in, *p, wanted.user_id)) {
            return *found;
        }
    }
    out.label = wanted.label.value_or(std::string{production});
    if (served) {
        if (auto const number = p->labelled(*out.label)) {
            out.version = p->version(*number);
        }
    }
    if (out.version) {
        return out;
    }
    if (auto const* const copy = builtin_of(wanted.name); copy != nullptr && *out.label == production) {
        return {copy->version, copy->category, out.label, nullptr, nullptr, true};
    }
    if (!served) {
        throw problem{404, "prompt-not-found", "There is no prompt of this name."};
    }
    throw problem{404,
                  "label-not-found",
                  *out.label == production
                      ? "No version of this prompt is in production. Move the label: PUT "
                        "/v1/prompts/NAME/labels/production with {\"version\": N}."
                      : "No version of this prompt has this label.",
                  {{"label", *out.label}}};
}

} // namespace app
