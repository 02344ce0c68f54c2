#include "lsp/message.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "source/ascii.h"

namespace gabion::lsp {
namespace {

constexpr std::string_view kLength = "content-length:";

/// Where the header of the length begins in a line; it may stand behind the rest of something that was no message.
std::size_t find_length(std::string_view line) {
  std::size_t found = std::string_view::npos;
  for (std::size_t at = 0; at + kLength.size() <= line.size(); ++at) {
    if (std::equal(kLength.begin(), kLength.end(), line.begin() + static_cast<std::ptrdiff_t>(at),
                   [](char wanted, char c) { return wanted == source::to_lower(c); })) {
      found = at;
    }
  }
  return found;
}

std::optional<std::uint64_t> number(std::string_view text) {
  constexpr std::string_view kBlank = " \t";
  text.remove_prefix(std::min(text.find_first_not_of(kBlank), text.size()));
  text = text.substr(0, text.find_last_not_of(kBlank) + 1);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size() && !text.empty();
  return whole ? std::optional(value) : std::nullopt;
}

}  // namespace

bool FrameReader::read_line(std::string& line) {
  constexpr std::size_t kMaxLine = 8192;
  line.clear();
  for (int c = in_.get(); c != std::istream::traits_type::eof(); c = in_.get()) {
    if (c == '\n') {
      if (line.ends_with('\r')) {
        line.pop_back();
      }
      return true;
    }
    line += static_cast<char>(c);
    if (line.size() > kMaxLine) {
      // No header is that long. Its end may be one all the same.
      line.erase(0, kMaxLine / 2);
    }
  }
  return !line.empty();
}

Frame FrameReader::content(std::uint64_t length) {
  if (length > kMaxContent) {
    return {{}, "a message of " + std::to_string(length) + " bytes is too long"};
  }
  Frame frame;
  constexpr std::size_t kChunk = std::size_t{64} * 1024;
  std::array<char, kChunk> chunk{};
  for (std::uint64_t left = length; left > 0;) {
    in_.read(chunk.data(), static_cast<std::streamsize>(std::min<std::uint64_t>(left, kChunk)));
    const auto got = static_cast<std::size_t>(in_.gcount());
    if (got == 0) {
      return {{}, "the stream ends within a message"};
    }
    frame.content.append(chunk.data(), got);
    left -= got;
  }
  return frame;
}

std::optional<Frame> FrameReader::next() {
  std::uint64_t length = 0;
  bool has_length = false;
  bool any = false;
  std::string problem;
  std::string line;
  while (read_line(line)) {
    if (line.empty() && any) {
      if (problem.empty() && !has_length) {
        problem = "a header without Content-Length";
      }
      return problem.empty() ? content(length) : Frame{{}, problem};
    }
    if (line.empty()) {
      continue;
    }
    any = true;
    const std::size_t at = find_length(line);
    if (at != std::string::npos) {
      const std::optional<std::uint64_t> given = number(std::string_view(line).substr(at + kLength.size()));
      has_length = given.has_value();
      length = given.value_or(0);
      problem = has_length ? "" : "a Content-Length that is no number";
    } else if (line.find(':') == std::string::npos || line.starts_with('{')) {
      problem = "a header that is none";
      has_length = false;
    }
  }
  return std::nullopt;
}

void write_message(const Json& message, std::ostream& out) {
  const std::string text = message.dump(-1, ' ', false, Json::error_handler_t::replace);
  out << "Content-Length: " << text.size() << "\r\n\r\n" << text << std::flush;
}

Json response(const Json& id, Json result) {
  return {{"jsonrpc", "2.0"}, {"id", id}, {"result", std::move(result)}};
}

Json error_response(const Json& id, ErrorCode code, std::string_view message) {
  return {{"jsonrpc", "2.0"},
          {"id", id},
          {"error", {{"code", static_cast<std::int32_t>(code)}, {"message", std::string(message)}}}};
}

Json notification(std::string_view method, Json params) {
  return {{"jsonrpc", "2.0"}, {"method", std::string(method)}, {"params", std::move(params)}};
}

Json request(const Json& id, std::string_view method, Json params) {
  Json message = notification(method, std::move(params));
  message["id"] = id;
  return message;
}

bool is_request_id(const Json& id) {
  return id.is_string() || id.is_number_integer();
}

const Json& member(const Json& value, std::string_view name) {
  static const Json kNothing;
  if (!value.is_object()) {
    return kNothing;
  }
  const auto found = value.find(name);
  return found == value.end() ? kNothing : *found;
}

std::optional<std::string> text_member(const Json& value, std::string_view name) {
  const Json& found = member(value, name);
  return found.is_string() ? std::optional(found.get_ref<const std::string&>()) : std::nullopt;
}

bool flag_member(const Json& value, std::string_view name) {
  const Json& found = member(value, name);
  return found.is_boolean() && found.get<bool>();
}

std::optional<std::int64_t> number_member(const Json& value, std::string_view name) {
  constexpr std::int64_t kMost = 0x7fffffff;
  const Json& found = member(value, name);
  if (found.is_number_unsigned()) {
    const auto number = found.get<std::uint64_t>();
    return number <= static_cast<std::uint64_t>(kMost) ? std::optional(static_cast<std::int64_t>(number))
                                                       : std::nullopt;
  }
  if (found.is_number_integer()) {
    const auto number = found.get<std::int64_t>();
    return number >= -kMost && number <= kMost ? std::optional(number) : std::nullopt;
  }
  return std::nullopt;
}

bool has_text(const Json& array, std::string_view text) {
  return array.is_array() && std::any_of(array.begin(), array.end(), [&](const Json& item) {
           return item.is_string() && item.get_ref<const std::string&>() == text;
         });
}

}  // namespace gabion::lsp
