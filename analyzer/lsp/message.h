// The base protocol of the language server: JSON texts behind headers that say how long they are, and the shapes of
// JSON-RPC messages. Server reads and writes with it. Bad input is an answer like any other: nothing here throws, waits
// for more than was announced, or takes more memory than has arrived.
#pragma once

#include <cstddef>
#include <cstdint>
#include <istream>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

namespace gabion::lsp {

using Json = nlohmann::json;

/// Codes of JSON-RPC and of the language server protocol.
enum class ErrorCode : std::int32_t {
  kParseError = -32700,
  kInvalidRequest = -32600,
  kMethodNotFound = -32601,
  kInvalidParams = -32602,
  kInternalError = -32603,
  kServerNotInitialized = -32002,
  kRequestFailed = -32803,
  kContentModified = -32801,
  kRequestCancelled = -32800,
};

/// The text of one message, or what was wrong instead of one.
struct Frame {
  std::string content;
  std::string problem;  ///< empty: the content is whole
};

/// Longer messages are refused. Documents have up to 64 MiB, and JSON may double them.
inline constexpr std::size_t kMaxContent = std::size_t{128} * 1024 * 1024;

/// Takes messages from a stream. After something that is no message it goes on with the next header that it finds.
class FrameReader {
 public:
  explicit FrameReader(std::istream& in) : in_(in) {}

  /// The next message or problem; nothing at the end of the stream.
  [[nodiscard]] std::optional<Frame> next();

 private:
  [[nodiscard]] bool read_line(std::string& line);
  [[nodiscard]] Frame content(std::uint64_t length);

  std::istream& in_;
};

/// Writes a message with its header and flushes. Text that is not UTF-8 is replaced.
void write_message(const Json& message, std::ostream& out);

[[nodiscard]] Json response(const Json& id, Json result);
[[nodiscard]] Json error_response(const Json& id, ErrorCode code, std::string_view message);
[[nodiscard]] Json notification(std::string_view method, Json params);
[[nodiscard]] Json request(const Json& id, std::string_view method, Json params);

/// What may be the id of a request: a number or a text.
[[nodiscard]] bool is_request_id(const Json& id);

/// The member of an object, or null for everything else.
[[nodiscard]] const Json& member(const Json& value, std::string_view name);
/// The text of a member; nothing when it is none.
[[nodiscard]] std::optional<std::string> text_member(const Json& value, std::string_view name);
/// Whether a member is true.
[[nodiscard]] bool flag_member(const Json& value, std::string_view name);
/// A whole number of at most 31 bits, as positions and versions are; nothing when it is none.
[[nodiscard]] std::optional<std::int64_t> number_member(const Json& value, std::string_view name);
/// Whether an array has this text.
[[nodiscard]] bool has_text(const Json& array, std::string_view text);

}  // namespace gabion::lsp
