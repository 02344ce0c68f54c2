// fuzz: lsp
// Any bytes as the stream of a client: the reader ends, the session stays alive, every request gets one answer, and a
// document is what its edits make of it. The first byte says whether the client initializes first.
#include <cstdint>
#include <map>
#include <sstream>
#include <string>

#include "input.h"
#include "lsp/session.h"

namespace {

using gabion::fuzz::require;

using gabion::lsp::Json;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  std::istringstream in(std::string(reinterpret_cast<const char*>(data) + 1, size - 1));
  gabion::source::MemoryFileSystem files;
  files.write("main.tf", "module \"m\" {\n  source = \"./m\"\n  a = 1\n}\n");
  files.write("m/main.tf", "variable \"a\" {}\nresource \"aws_kms_key\" \"k\" {\n  description = var.a\n}\n");
  std::map<std::string, int> answers;
  gabion::lsp::Session session(files, {}, [&](const Json& message) {
    require(message.is_object());
    if (!message.contains("method")) {
      require(message.contains("id") && message.contains("result") != message.contains("error"));
      ++answers[message["id"].dump()];
    }
  });
  const auto receive = [&](const Json& message) {
    const Json& id = gabion::lsp::member(message, "id");
    const bool asks = message.is_object() && gabion::lsp::is_request_id(id) &&
                      gabion::lsp::text_member(message, "method").has_value();
    const int before = asks ? answers[id.dump()] : 0;
    session.receive(message);
    require(!asks || answers[id.dump()] == before + 1);
  };
  if (data[0] != '!') {
    receive(
        gabion::lsp::request(0, "initialize", {{"rootUri", "file:///home/project"}, {"capabilities", Json::object()}}));
  }
  gabion::lsp::FrameReader reader(in);
  constexpr int kMost = 30;
  for (int count = 0; count < kMost; ++count) {
    const auto frame = reader.next();
    if (!frame) {
      break;
    }
    const Json message = Json::parse(frame->content, nullptr, false);
    if (!frame->problem.empty() || message.is_discarded()) {
      continue;
    }
    receive(message);
    if (session.has_work()) {
      session.work();
    }
    if (session.exit_status()) {
      break;
    }
  }
  return 0;
}
