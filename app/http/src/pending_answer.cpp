#include "pending_answer.hpp"

#include <boost/asio/post.hpp>

#include "http/problem.hpp"

namespace app {
namespace {

// What it does may still be done: a client that repeats a write has to look first.
problem too_late()
{
    return unavailable(
        "timeout",
        "The answer took too long. If the request writes, look whether it was done before you repeat it.", 2);
}

} // namespace

void pending_answer::ask(handler const& application, request const& asked, std::chrono::milliseconds limit,
                         std::function<void(answer)> then)
{
    then_ = std::move(then);
    request_id_ = asked.id;
    handling_ = true;
    application.handle(asked, [self = shared_from_this()](answer a) { self->arrived(std::move(a)); });
    handling_ = false;
    if (early_) {
        return settle(std::move(*early_));
    }
    if (!then_) {
        return;
    }
    limit_.expires_after(limit);
    limit_.async_wait([self = shared_from_this()](boost::system::error_code ec) {
        if (!ec) {
            self->settle(answer_of(too_late(), self->request_id_));
        }
    });
}

void pending_answer::arrived(answer a)
{
    if (handling_ && executor_.running_in_this_thread()) {
        early_ = std::move(a); // the connection goes on when its own function has returned
        return;
    }
    boost::asio::post(
        executor_, [self = shared_from_this(), a = std::move(a)]() mutable { self->settle(std::move(a)); });
}

void pending_answer::settle(answer a)
{
    if (!then_) {
        return;
    }
    auto const then = std::exchange(then_, nullptr);
    limit_.cancel();
    then(std::move(a));
}

void pending_answer::forget()
{
    then_ = nullptr;
    limit_.cancel();
}

} // namespace app
