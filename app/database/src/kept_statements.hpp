// The prepared statements of one connection, by their text.
#pragma once

#include <list>
#include <random>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "database/database_connection.hpp"

namespace app {

/// Keeps the ones that were used last; knows nothing of the server.
class database_connection::kept_statements
{
public:
    static constexpr std::size_t most = 100;

    /// The name it is prepared under, or nullptr.
    [[nodiscard]] std::string const* find(std::string_view sql)
    {
        auto const found = by_text_.find(sql);
        if (found == by_text_.end()) {
            return nullptr;
        }
        order_.splice(order_.begin(), order_, found->second);
        return &order_.front().name;
    }

    /// A name that no connection has had yet, ours or another's behind the same pooler.
    [[nodiscard]] std::string new_name() { return prefix_ + std::to_string(++names_); }

    /// It is prepared. What was not used for longest makes room.
    std::string const& add(std::string_view sql, std::string prepared_as)
    {
        while (order_.size() >= most) {
            forget(order_.back().sql);
        }
        order_.push_front({std::string{sql}, std::move(prepared_as)});
        by_text_.emplace(order_.front().sql, order_.begin());
        return order_.front().name;
    }

    void forget(std::string_view sql)
    {
        auto const found = by_text_.find(sql);
        if (found != by_text_.end()) {
            auto const entry = found->second;
            by_text_.erase(found);
            leaving_.push_back(std::move(entry->name));
            order_.erase(entry);
        }
    }

    /// SQL that drops on the server what was forgotten here, once; "" if there is nothing.
    [[nodiscard]] std::string deallocate_forgotten()
    {
        std::string sql;
        for (auto const& name : leaving_) {
            sql += "DEALLOCATE " + name + ";";
        }
        leaving_.clear();
        return sql;
    }

private:
    struct statement
    {
        std::string sql;
        std::string name;
    };

    std::list<statement> order_; // the one that was used last is the first
    std::unordered_map<std::string_view, std::list<statement>::iterator> by_text_; // the keys lie in order_
    std::vector<std::string> leaving_;
    std::string prefix_ =
        "app_" + std::to_string(std::random_device{}()) + "_" + std::to_string(std::random_device{}()) + "_";
    unsigned long names_ = 0;
};

} // namespace app
