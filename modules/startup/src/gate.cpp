#include "schemagate/gate.hpp"

#include <boost/asio/post.hpp>

#include "boot_book.hpp"

namespace schemagate {

gate::gate(boost::asio::any_io_executor executor)
    : book_{std::make_shared<book>()}, executor_{std::move(executor)}
{}

gate::~gate() = default;

void gate::open(boot_report const& result)
{
    book_->admit(result);
    std::vector<std::function<void()>> listeners;
    {
        std::lock_guard const lock{listeners_mutex_};
        open_.store(true, std::memory_order_release);
        listeners.swap(listeners_);
    }
    for (auto& listener : listeners) {
        boost::asio::post(executor_, std::move(listener));
    }
}

void gate::on_open(std::function<void()> listener)
{
    {
        std::lock_guard const lock{listeners_mutex_};
        if (!is_open()) {
            listeners_.push_back(std::move(listener));
            return;
        }
    }
    boost::asio::post(executor_, std::move(listener));
}

probe_answer gate::livez() const
{
    return book_->livez();
}
probe_answer gate::readyz() const
{
    return book_->readyz();
}
probe_answer gate::status(std::string_view authorization) const
{
    return book_->status(authorization);
}

void gate::require_token(secret token)
{
    book_->require_token(std::move(token));
}

void gate::tell(std::shared_ptr<observer> listener)
{
    std::lock_guard const lock{listeners_mutex_};
    listener_ = std::move(listener);
}

bool gate::is_unchecked() const
{
    return book_->is_unchecked();
}

void gate::first_connection(bool in_recovery)
{
    if (!is_open() || connected_.exchange(true) || in_recovery || !is_unchecked()) {
        return;
    }
    std::lock_guard const lock{listeners_mutex_};
    if (listener_) {
        boost::asio::post(executor_, [listener = listener_] {
            event e{step::serve, outcome::failed, boot_state::open};
            e.message = "SCHEMAGATE_MODE=skip is for read replicas, but the server is a primary: nothing has "
                        "checked or migrated its schema. Set SCHEMAGATE_MODE=apply, or wait.";
            e.fields = {{"skipped_on_primary", "1"}};
            listener->on_event(e);
        });
    }
}

std::shared_ptr<observer> gate::as_observer()
{
    return book_;
}

void gate::refuse(failure const& why)
{
    book_->refuse(why);
}
void gate::stopping()
{
    book_->enter(boot_state::stopping);
}
void gate::database_trouble(std::string reason)
{
    book_->trouble(std::move(reason), false);
}
void gate::degraded(std::string reason)
{
    book_->trouble(std::move(reason), true);
}

} // namespace schemagate
