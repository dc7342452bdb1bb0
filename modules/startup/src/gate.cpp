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
probe_answer gate::status() const
{
    return book_->status();
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
    book_->trouble(std::move(reason));
}

} // namespace schemagate
