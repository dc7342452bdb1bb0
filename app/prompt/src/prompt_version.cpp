#include "prompt/prompt_version.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace app {
namespace {

namespace json = boost::json;

void add_missing(std::vector<std::string>& to, std::vector<std::string> const& names)
{
    for (auto const& name : names) {
        if (std::find(to.begin(), to.end(), name) == to.end()) {
            to.push_back(name);
        }
    }
}

json::array messages_json(std::vector<message> const& messages)
{
    json::array out;
    for (auto const& m : messages) {
        out.push_back(json::object{{"role", m.role}, {"content", m.content}});
    }
    return out;
}

json::value or_null(std::optional<std::string> const& text)
{
    return text ? json::value(*text) : json::value(nullptr);
}

} // namespace

std::vector<placed_problem> prompt_version::compile(compiled_prompt& into) const
{
    std::vector<placed_problem> problems;
    auto const add = [&](std::string const& text, std::optional<std::size_t> position) {
        auto parsed = program::parse(text);
        if (auto* const fault = std::get_if<template_problem>(&parsed)) {
            problems.push_back({std::move(*fault), position});
            return;
        }
        auto& made = std::get<program>(parsed);
        add_missing(into.variables, made.variables());
        add_missing(into.required, made.required());
        into.programs.push_back(std::move(made));
    };
    if (!is_chat) {
        add(template_text, std::nullopt);
        return problems;
    }
    for (std::size_t i = 0; i < messages.size(); ++i) {
        into.roles.push_back(messages[i].role);
        add(messages[i].content, i);
    }
    return problems;
}

std::string stored_text(prompt_version const& v)
{
    return v.is_chat ? json::serialize(messages_json(v.messages)) : v.template_text;
}

void take_stored_text(prompt_version& v, std::string text)
{
    if (!v.is_chat) {
        v.template_text = std::move(text);
        return;
    }
    boost::system::error_code ec;
    auto const parsed = json::parse(text, ec);
    auto const* const list = ec ? nullptr : parsed.if_array();
    if (list == nullptr) {
        return;
    }
    for (auto const& element : *list) {
        auto const* const object = element.if_object();
        auto const* const role = object == nullptr ? nullptr : object->if_contains("role");
        auto const* const content = object == nullptr ? nullptr : object->if_contains("content");
        if (role != nullptr && role->is_string() && content != nullptr && content->is_string()) {
            v.messages.push_back({std::string{role->get_string()}, std::string{content->get_string()}});
        }
    }
}

json::object to_json(prompt_version const& v, std::vector<std::string> const& required)
{
    json::object o;
    o["name"] = v.name;
    o["version"] = v.version;
    o["type"] = v.is_chat ? "chat" : "text";
    if (v.is_chat) {
        o["messages"] = messages_json(v.messages);
    }
    else {
        o["template"] = v.template_text;
    }
    o["variables"] = v.variables;
    json::array names;
    for (auto const& name : required) {
        names.emplace_back(name);
    }
    o["required"] = std::move(names);
    o["config"] = v.config;
    o["commit_message"] = or_null(v.commit_message);
    o["created_at"] = v.created_at;
    o["created_by"] = or_null(v.created_by);
    return o;
}

} // namespace app
