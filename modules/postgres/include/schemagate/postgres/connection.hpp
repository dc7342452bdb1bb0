// One connection to the server, driven so that every wait can be interrupted.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schemagate/postgres/sql_error.hpp"
#include "schemagate/postgres/wake.hpp"

struct pg_conn;
struct pg_result;

namespace schemagate::postgres {

/// What one statement of a message returned, as text.
struct statement_result
{
    std::string tag; ///< "SELECT 1", "COMMIT", …
    std::vector<std::string> columns;
    std::vector<std::vector<std::optional<std::string>>> rows;
};

/// What the server says beside its answers. Holds whatever a script raises, so it is not for showing as it
/// is.
struct server_notice
{
    std::string severity; ///< "NOTICE", "WARNING", …; never translated
    std::string sqlstate; ///< "00000" for RAISE NOTICE
    std::string message;
};

/// Called with the result of each statement as it arrives. The server sends results in pieces of 8 kB, and
/// the rest at the end of the message: that one has not arrived does not mean that it is not done.
using result_listener = std::function<void(statement_result)>;

enum class transaction_state
{
    idle,
    active,
    in_transaction,
    in_error,
    unknown
};

/// How the error of a server that was silent for too long begins.
inline constexpr std::string_view silent_words = "the server was silent";

/// Owns a libpq connection. One thread at a time.
class connection
{
public:
    /// How long a server may be silent about one of our own questions before it counts as lost. Longer than
    /// the statement_timeout of a reading_transaction, whose error says more. Tests make it shorter, before a
    /// boot.
    static inline std::chrono::milliseconds answer_max{35'000};

    connection(pg_conn* handle, wake const& stop);
    connection(connection&&) noexcept;
    connection& operator=(connection&&) noexcept;
    connection(connection const&) = delete;
    connection& operator=(connection const&) = delete;
    ~connection();

    /// Sends `sql` byte for byte as one simple-query message and waits for all results, one per statement.
    /// Throws sql_error for the first error (all results are read first, so the connection can be used again
    /// unless it is lost), and stop_requested after having asked the server to cancel the statement, which is
    /// waited for 2 s at most.
    std::vector<statement_result> execute(std::string_view sql);

    /// The same, with the results appended to `into`: when it throws, those of the statements before.
    void execute(std::string_view sql, std::vector<statement_result>& into);
    void execute(std::string_view sql, result_listener const& each);

    /// Like execute(), for a message that is one COPY … FROM stdin (perhaps after other statements): `data`
    /// follows it.
    std::vector<statement_result> execute_copy(std::string_view sql, std::string_view data);

    /// A literal for SQL text, quoted by libpq (PostgreSQL documentation, "34.3.4 Escaping Strings").
    [[nodiscard]] std::string literal(std::string_view text) const;
    /// An identifier, quoted by libpq.
    [[nodiscard]] std::string identifier(std::string_view text) const;

    /// Who hears of notices; nobody by default, and an empty function is nobody again. Called inside
    /// execute(), on its thread; must not use this connection.
    void on_notice(std::function<void(server_notice const&)> listener);

    /// Called inside execute() each time the server has been silent for `every`, on execute()'s thread; must
    /// not use this connection. An empty function ends it.
    void while_waiting(std::chrono::milliseconds every, std::function<void()> look);

    /// From now on a server that is silent for so long counts as lost. nullopt, as at first: it may take any
    /// time, and TCP alone tells whether it is there.
    void answers_within(std::optional<std::chrono::milliseconds> silence_max) noexcept
    {
        silence_max_ = silence_max;
    }

    /// Lifts that limit for its scope: for scripts, and for whatever waits in the server.
    class unhurried
    {
    public:
        explicit unhurried(connection& on) noexcept
            : on_{on}, before_{std::exchange(on.silence_max_, std::nullopt)}
        {}
        unhurried(unhurried const&) = delete;
        unhurried& operator=(unhurried const&) = delete;
        ~unhurried() { on_.silence_max_ = before_; }

    private:
        connection& on_;
        std::optional<std::chrono::milliseconds> before_;
    };

    [[nodiscard]] transaction_state state() const noexcept;
    [[nodiscard]] bool usable() const noexcept; ///< false once the connection broke
    /// The pid of the BackendKeyData message; differs from pg_backend_pid() behind a pooler.
    [[nodiscard]] int protocol_pid() const noexcept;
    [[nodiscard]] int server_version() const noexcept; ///< 150018
    /// How many messages have ended with an error, so that what they were to leave in the session is not
    /// sure.
    [[nodiscard]] std::size_t errors() const noexcept { return errors_; }
    [[nodiscard]] pg_conn* native() const noexcept { return handle_; }

    /// Closes it at once. The server ends the session: its locks are free.
    void close() noexcept;

private:
    struct hooks;
    static void hear_notice(void* hooks, pg_result const* notice);

    void collect(result_listener const& each, std::string_view const* copy_data);
    void send_query(std::string_view sql);
    void await_answer(bool& stopping);
    void await_bytes(bool& stopping);
    void cancel_once(bool& stopping);
    void send_copy(std::string_view data, bool& stopping);
    void drop_copied(bool& stopping);
    bool flush(bool& stopping);
    void cancel() noexcept;

    pg_conn* handle_;
    wake const* stop_;
    std::optional<std::chrono::milliseconds> silence_max_;
    std::size_t errors_ = 0;
    std::unique_ptr<hooks> hooks_; // at a place of its own: libpq keeps a pointer to it
};

} // namespace schemagate::postgres
