// Where a part is written: where it stands already; else user, password, host, port and database before the
// "?", a socket and all others behind it. libpq prefers what stands behind it, and there the last; copies
// that are not in force go with the first change of their part.
#include <algorithm>
#include <deque>
#include <optional>
#include <vector>

#include "ascii.hpp"
#include "editable_text.hpp"
#include "percent_code.hpp"
#include "uri_layout.hpp"

namespace schemagate::url {

namespace {

struct host_piece
{
    std::string_view written; ///< with its brackets
    std::optional<std::string_view> port;
};

bool is_ipv6(std::string_view host)
{
    auto const plain = host.substr(0, host.find('%'));
    return std::count(plain.begin(), plain.end(), ':') >= 2;
}

class uri_pieces final : public editable_text
{
public:
    explicit uri_pieces(std::string const& text)
    {
        auto const layout = *scan_uri(text);
        scheme_ = layout.scheme;
        userinfo_ = layout.has_userinfo;
        user_ = layout.user;
        password_ = layout.password;
        for (auto const& host : layout.hosts)
            hosts_.push_back(
                {host.whole.substr(0, host.whole.size() - (host.port ? host.port->size() + 1 : 0)),
                 host.port});
        dbname_ = layout.dbname;
        for (auto rest = layout.query; rest;) {
            auto const piece = rest->substr(0, rest->find('&'));
            query_.push_back(piece);
            rest =
                piece.size() == rest->size() ? std::nullopt : std::optional{rest->substr(piece.size() + 1)};
        }
    }

    void set(std::string_view keyword, std::string const& value) override
    {
        if (set_where_it_stands(keyword, value) || set_in_query(keyword, value))
            return;
        if (keyword == "user" || (keyword == "password" && (userinfo_ || !in_query("user")))) {
            userinfo_ = true;
            (keyword == "user" ? user_ : password_.emplace()) = encoded(value, "");
        }
        else if (keyword == "dbname") {
            dbname_ = encoded(value, "");
        }
        else if (keyword == "port" && named_hosts()) {
            for (auto& host : hosts_)
                host.port = encoded(value, "");
        }
        else {
            drop_lone_ampersand();
            // Before what is behind a last "&", which is nothing to libpq.
            auto const end = query_.end() - (query_.empty() || !query_.back().empty() ? 0 : 1);
            query_.insert(keyword == "port" ? place_after_host() : end, parameter(keyword, value));
        }
    }

    bool remove(std::string_view keyword) override
    {
        auto found = remove_from_query(keyword);
        if (keyword == "user") {
            found = found || !user_.empty();
            user_ = {};
        }
        else if (keyword == "password") {
            found = found || password_;
            password_.reset();
        }
        else if (keyword == "dbname" && dbname_) {
            found = found || !dbname_->empty();
            dbname_ = std::string_view{};
        }
        else if (keyword == "port") {
            found = found || port_stands();
            for (auto& host : hosts_)
                host.port.reset();
        }
        return found;
    }

    void move_to(std::string const& host, bool drop_port) override
    {
        remove_from_query("hostaddr");
        if (drop_port)
            remove("port");
        auto const port = hosts_.front().port;
        hosts_.assign(1, {{}, port});
        if (host.starts_with('/') || host.starts_with('@')) {
            drop_lone_ampersand();
            if (!set_in_query("host", host))
                query_.insert(query_.begin(), parameter("host", host));
            return;
        }
        remove_from_query("host");
        hosts_.front().written = is_ipv6(host) ? own("[", encoded(host, ":"), "]") : encoded(host, "");
    }

    [[nodiscard]] secret text() const override
    {
        // An empty userinfo is left out, but not where another "@" would be taken for its end.
        auto rest = after_userinfo();
        auto const empty = user_.empty() && !password_ && !contains(rest.reveal(), '@');
        auto out = std::string{};
        out.reserve(scheme_.size() + user_.size() + password_.value_or("").size() + rest.reveal().size() + 2);
        out += scheme_;
        if (userinfo_ && !empty) {
            out += user_;
            if (password_) {
                out += ':';
                out += *password_;
            }
            out += '@';
        }
        out += rest.reveal();
        return secret{std::move(out)};
    }

private:
    using piece_at = std::vector<std::string_view>::iterator;

    static bool names(std::string_view piece, std::string_view keyword)
    {
        auto const key = percent_decoded(piece.substr(0, piece.find('='))).value_or("");
        return key == keyword || stored_keyword(key) == keyword;
    }

    [[nodiscard]] bool in_query(std::string_view keyword) const
    {
        return std::any_of(query_.begin(), query_.end(), [&](auto piece) { return names(piece, keyword); });
    }
    [[nodiscard]] bool port_stands() const
    {
        return std::any_of(hosts_.begin(), hosts_.end(),
                           [](auto const& host) { return host.port && !host.port->empty(); });
    }
    [[nodiscard]] bool named_hosts() const
    {
        return std::any_of(hosts_.begin(), hosts_.end(),
                           [](auto const& host) { return !host.written.empty(); });
    }

    bool set_where_it_stands(std::string_view keyword, std::string const& value)
    {
        if (keyword == "user" && !user_.empty())
            user_ = encoded(value, "");
        else if (keyword == "password" && password_)
            password_ = encoded(value, "");
        else if (keyword == "dbname" && dbname_ && !dbname_->empty())
            dbname_ = encoded(value, "");
        else if (keyword == "port" && port_stands())
            for (auto& host : hosts_)
                host.port = encoded(value, "");
        else
            return false;
        remove_from_query(keyword);
        return true;
    }

    bool set_in_query(std::string_view keyword, std::string const& value)
    {
        auto const last =
            std::find_if(query_.rbegin(), query_.rend(), [&](auto piece) { return names(piece, keyword); });
        if (last == query_.rend())
            return false;
        auto const key = last->substr(0, last->find('='));
        *last = percent_decoded(key) == keyword ? own(key, "=", encoded(value, "/:,"))
                                                : parameter(keyword, value); // ssl=true
        auto const kept = *last;
        query_.erase(
            std::remove_if(query_.begin(), query_.end(),
                           [&](auto piece) { return piece.data() != kept.data() && names(piece, keyword); }),
            query_.end());
        return true;
    }

    bool remove_from_query(std::string_view keyword)
    {
        auto const before = query_.size();
        query_.erase(
            std::remove_if(query_.begin(), query_.end(), [&](auto piece) { return names(piece, keyword); }),
            query_.end());
        auto const found = query_.size() != before;
        if (found)
            drop_lone_ampersand();
        return found;
    }

    // What was behind a last "&", or an empty query.
    void drop_lone_ampersand()
    {
        if (query_.size() == 1 && query_.front().empty())
            query_.clear();
    }

    piece_at place_after_host()
    {
        auto const host =
            std::find_if(query_.begin(), query_.end(), [](auto piece) { return names(piece, "host"); });
        return host == query_.end() ? query_.begin() : host + 1;
    }

    [[nodiscard]] secret after_userinfo() const
    {
        auto size = dbname_.value_or("").size() + 2;
        for (auto const& host : hosts_)
            size += host.written.size() + host.port.value_or("").size() + 2;
        for (auto const piece : query_)
            size += piece.size() + 1;
        auto out = std::string{};
        out.reserve(size);
        for (auto const& host : hosts_) {
            out += &host == &hosts_.front() ? "" : ",";
            out += host.written;
            if (host.port) {
                out += ':';
                out += *host.port;
            }
        }
        if (dbname_) {
            out += '/';
            out += *dbname_;
        }
        auto separator = '?';
        for (auto const piece : query_) {
            out += separator;
            out += piece;
            separator = '&';
        }
        return secret{std::move(out)};
    }

    std::string_view own(std::string_view a, std::string_view b, std::string_view c)
    {
        auto joined = std::string{};
        joined.reserve(a.size() + b.size() + c.size());
        joined.append(a).append(b).append(c);
        return owned_.emplace_back(std::move(joined)).reveal();
    }
    std::string_view encoded(std::string_view value, std::string_view besides)
    {
        return owned_.emplace_back(percent_encoded(value, besides)).reveal();
    }
    std::string_view parameter(std::string_view keyword, std::string const& value)
    {
        return own(keyword, "=", encoded(value, "/:,"));
    }

    std::string_view scheme_;
    bool userinfo_ = false;
    std::string_view user_;
    std::optional<std::string_view> password_;
    std::vector<host_piece> hosts_; ///< at least one
    std::optional<std::string_view> dbname_;
    std::vector<std::string_view> query_;
    std::deque<secret> owned_; ///< what views into the text cannot give; never moved
};

} // namespace

std::unique_ptr<editable_text> editable_uri(std::string const& text)
{
    return std::make_unique<uri_pieces>(text);
}

} // namespace schemagate::url
