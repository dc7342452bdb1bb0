#include "database_question.hpp"

#include <boost/asio/post.hpp>
#include <utility>

namespace app {

database_question::database_question(boost::asio::any_io_executor const& strand,
                                     boost::asio::thread_pool& workers, database_health& health)
    : limit_{strand}, workers_{workers}, health_{health}
{}

void database_question::ask(database_work work, std::chrono::milliseconds limit, listener then)
{
    then_ = std::move(then);
    limit_.expires_after(limit);
    limit_.async_wait([self = shared_from_this()](boost::system::error_code ec) {
        if (!ec) {
            self->on_limit();
        }
    });
    boost::asio::post(workers_, [self = shared_from_this(), work = std::move(work)]() mutable {
        answer a;
        if (!self->settled_) {
            self->begun_ = true;
            a = work();
        }
        // Always back to the strand, also with nothing to say: what `then` holds must not end on this thread.
        auto const strand = self->limit_.get_executor();
        boost::asio::post(
            strand, [self = std::move(self), a = std::move(a)]() mutable { self->settle(std::move(a)); });
    });
}

void database_question::forget()
{
    settled_ = true;
    then_ = nullptr;
    limit_.cancel();
}

void database_question::settle(answer a)
{
    if (!settled_) {
        auto const then = std::exchange(then_, nullptr);
        forget();
        then(std::move(a));
    }
}

void database_question::on_limit()
{
    if (!settled_ && begun_) {
        health_.failed(database_error::kind::lost);
        health_.lost("no answer in time");
    }
    settle(database_unavailable());
}

} // namespace app
