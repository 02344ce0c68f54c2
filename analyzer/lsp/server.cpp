#include "lsp/server.h"

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "lsp/message.h"
#include "lsp/session.h"

namespace gabion::lsp {
namespace {

/// A message, or what stands in its place.
struct Arrival {
  Json message;
  std::string problem;  ///< no message: what to answer
  ErrorCode code = ErrorCode::kParseError;
  bool end = false;  ///< nothing comes any more
  bool edit = false;
  bool leaving = false;
};

/// Whether findings about the text before are of no use any more.
bool changes_text(std::string_view method) {
  return method == "textDocument/didChange" || method == "textDocument/didOpen" || method == "textDocument/didClose";
}

/// What the two threads share.
class Queue final : public Arrivals {
 public:
  void push(Arrival arrival) {
    {
      const std::lock_guard lock(mutex_);
      edits_ += arrival.edit ? 1 : 0;
      leaving_ += arrival.leaving ? 1 : 0;
      if (const Json& id = member(arrival.message, "id"); is_request_id(id)) {
        unanswered_.emplace(id.dump(), false);
      }
      waiting_.push_back(std::move(arrival));
    }
    arrived_.notify_one();
  }

  /// A request that was not answered yet is taken back.
  void cancel(const Json& id) {
    const std::lock_guard lock(mutex_);
    if (const auto request = unanswered_.find(id.dump()); request != unanswered_.end()) {
      request->second = true;
    }
  }

  /// The next arrival; nothing when there is none and `wait` is false.
  [[nodiscard]] std::optional<Arrival> pop(bool wait) {
    std::unique_lock lock(mutex_);
    if (wait) {
      arrived_.wait(lock, [this] { return !waiting_.empty(); });
    }
    if (waiting_.empty()) {
      return std::nullopt;
    }
    Arrival arrival = std::move(waiting_.front());
    waiting_.pop_front();
    edits_ -= arrival.edit ? 1 : 0;
    leaving_ -= arrival.leaving ? 1 : 0;
    return arrival;
  }

  /// The request was answered.
  void forget(const Json& id) {
    const std::lock_guard lock(mutex_);
    unanswered_.erase(id.dump());
  }

  [[nodiscard]] bool cancelled(const Json& id) const override {
    const std::lock_guard lock(mutex_);
    const auto request = unanswered_.find(id.dump());
    return request != unanswered_.end() && request->second;
  }
  [[nodiscard]] bool edits() const override {
    const std::lock_guard lock(mutex_);
    return edits_ > 0;
  }
  [[nodiscard]] bool leaving() const override {
    const std::lock_guard lock(mutex_);
    return leaving_ > 0;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Arrival> waiting_;
  std::size_t edits_ = 0;
  std::size_t leaving_ = 0;
  std::map<std::string, bool> unanswered_;  ///< requests by id, and whether they were taken back
};

/// Reads until the end, or until the client says exit: nothing comes after that.
void listen(std::istream& in, Queue& queue) {
  FrameReader reader(in);
  bool goes_on = true;
  while (goes_on) {
    std::optional<Frame> frame = reader.next();
    Arrival arrival;
    if (!frame) {
      break;
    }
    if (!frame->problem.empty()) {
      arrival.problem = std::move(frame->problem);
    } else {
      arrival.message = Json::parse(frame->content, nullptr, false);
      if (arrival.message.is_discarded()) {
        arrival.problem = "this is no JSON";
      } else if (!arrival.message.is_object() && !arrival.message.is_array()) {
        arrival.problem = "a message is an object";
        arrival.code = ErrorCode::kInvalidRequest;
      }
    }
    const std::optional<std::string> method =
        arrival.problem.empty() ? text_member(arrival.message, "method") : std::nullopt;
    if (method == "$/cancelRequest") {
      queue.cancel(member(member(arrival.message, "params"), "id"));
      continue;
    }
    arrival.edit = method && changes_text(*method);
    arrival.leaving = method == "shutdown" || method == "exit";
    goes_on = method != "exit";
    queue.push(std::move(arrival));
  }
  Arrival end;
  end.end = true;
  queue.push(std::move(end));
}

}  // namespace

int serve(std::istream& in, std::ostream& out, const source::FileSystem& disk, Surroundings surroundings) {
  // A read would flush the other stream, from another thread than the one that writes.
  in.tie(nullptr);
  Queue queue;
  Session session(
      disk, std::move(surroundings), [&](const Json& message) { write_message(message, out); }, &queue);
  std::thread reader([&] { listen(in, queue); });
  int status = 1;
  while (true) {
    std::optional<Arrival> arrival = queue.pop(!session.has_work());
    if (!arrival) {
      session.work();
      continue;
    }
    if (arrival->end) {
      status = session.status_at_end();
      break;
    }
    if (!arrival->problem.empty()) {
      write_message(error_response(nullptr, arrival->code, arrival->problem), out);
      continue;
    }
    session.receive(arrival->message);
    if (const Json& id = member(arrival->message, "id"); is_request_id(id)) {
      queue.forget(id);
    }
    if (session.exit_status()) {
      status = *session.exit_status();
      break;
    }
  }
  reader.join();
  return status;
}

}  // namespace gabion::lsp
