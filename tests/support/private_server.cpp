#include "private_server.hpp"

#include <cstdlib>

#include <unistd.h>

namespace support {
namespace {

std::string with_database(std::string const& url, std::string const& dbname)
{
    auto const question = url.find('?');
    auto const head = url.substr(0, question);
    auto const slash = head.find('/', head.find("://") + 3);
    return head.substr(0, slash) + "/" + dbname + (question == std::string::npos ? "" : url.substr(question));
}

std::string with_user(std::string const& url, std::string const& user, std::string const& password)
{
    auto const begin = url.find("://") + 3;
    auto const slash = url.find('/', begin);
    auto const at = url.rfind('@', slash);
    auto const host = at == std::string::npos || at < begin ? begin : at + 1;
    return "postgresql://" + percent_encoded(user) + ":" + percent_encoded(password) + "@" + url.substr(host);
}

} // namespace

test_database::test_database(private_server& server, std::string name, std::string const& of_template)
    : server_{server}, name_{std::move(name)}
{
    static_cast<void>(support::query(server_.admin_url(), "create database " + name_ + " owner " +
                                                              server_.owner + " template " + of_template));
}

test_database::~test_database()
{
    try {
        static_cast<void>(
            support::query(server_.admin_url(), "drop database if exists " + name_ + " with (force)"));
    }
    catch (std::exception const&) {
        // The server may be down on purpose; its folder goes with it.
    }
}

std::string test_database::url() const
{
    return server_.url(name_);
}
std::string test_database::admin_url() const
{
    return server_.admin_url(name_);
}

private_server::private_server(server_options options)
{
    options.role = owner;
    options.password = password;
    own_.emplace(std::move(options));
}

private_server::private_server(external, std::string url) : external_url_{std::move(url)}
{
    make_owner();
}

private_server& private_server::shared()
{
    static auto const server = [] {
        char const* given = std::getenv("TEST_DATABASE_URL");
        return given != nullptr && *given != '\0'
                   ? std::unique_ptr<private_server>{new private_server{external{}, given}}
                   : std::make_unique<private_server>();
    }();
    return *server;
}

void private_server::make_owner() const
{
    sql_session admin{admin_url()};
    if (admin("select 1 from pg_roles where rolname = " + sql_literal(owner)).empty()) {
        admin("create role " + std::string{owner} + " login createdb password " + sql_literal(password));
    }
}

std::string private_server::url(std::string const& dbname) const
{
    return url(dbname, owner, password);
}

std::string private_server::url(std::string const& dbname, std::string const& user,
                                std::string const& secret) const
{
    if (!external_url_.empty()) {
        return with_user(with_database(external_url_, dbname), user, secret);
    }
    return own_.value().url(dbname, user, secret);
}

std::string private_server::admin_url(std::string const& dbname) const
{
    if (!external_url_.empty()) {
        return with_database(external_url_, dbname);
    }
    return own_.value().socket_url(dbname);
}

schemagate::testing::server& private_server::of_templates()
{
    if (!of_templates_) {
        of_templates_.emplace(
            schemagate::database_url_text{schemagate::secret{url("postgres")}, "the tests' server", {}});
    }
    return *of_templates_;
}

std::string private_server::new_name()
{
    return std::string{"t"}.append(std::to_string(getpid())).append("_").append(std::to_string(++databases_));
}

std::unique_ptr<test_database> private_server::create_database()
{
    return std::make_unique<test_database>(*this, new_name());
}

std::unique_ptr<test_database> private_server::create_database(schemagate::testing::template_database& schema)
{
    return std::make_unique<test_database>(*this, new_name(), schema.name());
}

} // namespace support
