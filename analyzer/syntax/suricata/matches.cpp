#include "syntax/suricata/matches.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include "source/ascii.h"

namespace gabion::syntax::suricata {
namespace {

using namespace std::literals;

/// Older keywords that name the buffer of the content before them, and what the buffer is called today.
constexpr std::array<std::pair<std::string_view, std::string_view>, 15> kContentModifiers = {{
    {"http_client_body", "http.request_body"},
    {"http_cookie", "http.cookie"},
    {"http_header", "http.header"},
    {"http_host", "http.host"},
    {"http_method", "http.method"},
    {"http_raw_header", "http.header.raw"},
    {"http_raw_host", "http.host.raw"},
    {"http_raw_uri", "http.uri.raw"},
    {"http_server_body", "http.response_body"},
    {"http_stat_code", "http.stat_code"},
    {"http_stat_msg", "http.stat_msg"},
    {"http_uri", "http.uri"},
    {"http_user_agent", "http.user_agent"},
    {"http_content_type", "http.content_type"},
    {"http_request_line", "http.request_line"},
}};

/// Sticky buffers written with an underscore before Suricata 5.
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kOldBuffers = {{
    {"dns_query", "dns.query"},
    {"file_data", "file.data"},
    {"ja3_hash", "ja3.hash"},
    {"tls_cert_issuer", "tls.cert_issuer"},
    {"tls_cert_serial", "tls.cert_serial"},
    {"tls_cert_subject", "tls.cert_subject"},
    {"tls_sni", "tls.sni"},
    {"ssh_proto", "ssh.proto"},
}};

/// Names with a dot and no value are buffers: every sticky buffer is written so.
bool is_sticky_buffer(const Option& option) {
  return !option.has_value && option.name.find('.') != std::string_view::npos;
}

template <class Table>
std::string_view look_up(const Table& table, std::string_view name) {
  const auto found = std::ranges::find(table, name, &Table::value_type::first);
  return found == table.end() ? std::string_view() : found->second;
}

int hex_digit(char c) {
  if (source::is_digit(c)) {
    return c - '0';
  }
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool has_hole(std::string_view text) {
  return text.find(kHole) != std::string_view::npos;
}

/// A comparison of numbers, as bsize takes it.
bool is_range(std::string_view text) {
  constexpr std::string_view kCharacters = "0123456789<>!= ";
  return text.find_first_of("<>!=") != std::string_view::npos &&
         text.find_first_of("0123456789") != std::string_view::npos &&
         text.find_first_not_of(kCharacters) == std::string_view::npos;
}

/// Reads the matches of one rule.
class Reader {
 public:
  Reader(source::Arena& arena, Problems& problems) : arena_(arena), problems_(problems) {}

  void option(const Option& option) {
    if (option.name == "content" || option.name == "uricontent") {
      content(option);
      if (option.name == "uricontent") {
        matches_.back().buffer = "http.uri";
      }
    } else if (option.name == "pcre") {
      pattern(option);
    } else if (option.name == "bsize") {
      size(option);
    } else if (option.name == "dotprefix") {
      if (buffer_.empty()) {
        problems_.add(option.place, "dotprefix follows a buffer such as tls.sni");
      } else if (option.has_value) {
        problems_.add(option.place, "dotprefix takes no value");
      }
      dot_prefix_ = true;
    } else if (is_sticky_buffer(option)) {
      open_buffer(option.name);
    } else if (const std::string_view old = look_up(kOldBuffers, option.name); !old.empty()) {
      open_buffer(old);
    } else if (option.name == "pkt_data") {
      open_buffer({});
    } else {
      modifier(option);
    }
  }

  [[nodiscard]] std::span<const Match> finish() { return arena_.copy(matches_); }

 private:
  void open_buffer(std::string_view name) {
    buffer_ = name;
    dot_prefix_ = false;
    first_of_buffer_ = matches_.size();
  }

  /// The text between the quotes of an option's value; empty after a problem.
  std::string_view quoted(const Option& option, bool& negated) {
    std::string_view text = option.value;
    if (!text.empty() && text.front() == '!') {
      negated = true;
      text.remove_prefix(1);
      while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
        text.remove_prefix(1);
      }
    }
    if (!text.empty() && text.find_first_not_of(kHole) == std::string_view::npos) {
      return text;
    }
    if (text.size() < 2 || text.front() != '"' || text.back() != '"') {
      problems_.add(option.place, "the value is written in double quotes");
      return {};
    }
    text = text.substr(1, text.size() - 2);
    if (text.empty()) {
      problems_.add(option.place, "there is nothing between the quotes");
    }
    return text;
  }

  void content(const Option& option) {
    Match match;
    match.buffer = buffer_;
    match.dot_prefix = dot_prefix_;
    match.place = option.place;
    match.content = decode(quoted(option, match.negated), option);
    matches_.push_back(match);
  }

  /// Bytes of a content: \x stands for x, |41 42| for bytes in hexadecimal.
  std::string_view decode(std::string_view text, const Option& option) {
    if (text.find_first_of("\\|") == std::string_view::npos) {
      return text;
    }
    std::string bytes;
    bool hex = false;
    int high = -1;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      if (c == '|') {
        if (high >= 0) {
          problems_.add(option.place, "hexadecimal bytes have two digits");
          high = -1;
        }
        hex = !hex;
      } else if (hex && c == kHole) {
        bytes += c;
      } else if (hex) {
        const int digit = hex_digit(c);
        if (digit < 0 && c != ' ') {
          problems_.add(option.place, "between | and | are hexadecimal bytes");
          return arena_.copy(bytes);
        }
        if (digit >= 0 && high >= 0) {
          bytes += static_cast<char>(high * 16 + digit);
          high = -1;
        } else if (digit >= 0) {
          high = digit;
        }
      } else if (c == '\\' && i + 1 < text.size()) {
        const char next = text[++i];
        if (next != ':' && next != ';' && next != '\\' && next != '"') {
          problems_.add(option.place, "a backslash stands before a colon, a semicolon, a quote or a backslash");
        }
        bytes += next;
      } else {
        bytes += c;
      }
    }
    if (hex) {
      problems_.add(option.place, "the hexadecimal bytes are not closed by |");
    }
    return arena_.copy(bytes);
  }

  void pattern(const Option& option) {
    Match match;
    match.buffer = buffer_;
    match.dot_prefix = dot_prefix_;
    match.is_pattern = true;
    match.place = option.place;
    const std::string_view text = quoted(option, match.negated);
    const std::size_t close = text.rfind('/');
    if (!text.empty() && (text.front() != '/' || close == 0) && text.front() != kHole) {
      problems_.add(option.place, "a pattern is written between slashes");
    } else if (!text.empty() && text.front() == '/') {
      match.content = text.substr(1, close - 1);
      match.flags = text.substr(close + 1);
      match.nocase = match.flags.find('i') != std::string_view::npos;
      constexpr std::string_view kFlags = "smxiAEGBROUDIHPQYWVMCSZ12345678";
      if (match.flags.find_first_not_of(kFlags) != std::string_view::npos && !has_hole(match.flags)) {
        problems_.add(option.place, "behind the closing slash are letters that modify the pattern, such as i");
      }
    } else {
      match.content = text;
    }
    matches_.push_back(match);
  }

  void size(const Option& option) {
    std::uint64_t number = 0;
    const auto [stop, error] = std::from_chars(option.value.data(), option.value.data() + option.value.size(), number);
    const bool plain = error == std::errc() && stop == option.value.data() + option.value.size();
    if (!plain && !has_hole(option.value) && !is_range(option.value)) {
      problems_.add(option.place, "a size is a number, or a comparison such as <10, >10 or 10<>20");
    }
    for (std::size_t i = first_of_buffer_; plain && i < matches_.size(); ++i) {
      matches_[i].buffer_size = number;
    }
  }

  void modifier(const Option& option) {
    const std::string_view buffer = look_up(kContentModifiers, option.name);
    const bool to_content = !buffer.empty() || option.name == "nocase" || option.name == "startswith" ||
                            option.name == "endswith" || option.name == "depth" || option.name == "offset" ||
                            option.name == "within" || option.name == "distance" || option.name == "fast_pattern" ||
                            option.name == "rawbytes";
    if (!to_content) {
      return;
    }
    const auto content = std::ranges::find(matches_.rbegin(), matches_.rend(), false, &Match::is_pattern);
    if (content == matches_.rend()) {
      problems_.add(option.place, arena_.copy(std::string(option.name) + " follows the content that it is about"));
      return;
    }
    if (!buffer.empty()) {
      content->buffer = buffer;
    } else if (option.name == "nocase") {
      content->nocase = true;
    } else if (option.name == "endswith") {
      content->ends_with = true;
    }
    const auto index = static_cast<std::size_t>(matches_.rend() - content) - 1;
    if (index != placed_) {
      placed_ = index;
      place_ = {};
    }
    place_.anchored = place_.anchored || option.name == "startswith";
    place_.counted = place_.counted || option.name == "depth" || option.name == "offset" || option.name == "within" ||
                     option.name == "distance";
    place_.shifted = place_.shifted || (option.name == "offset" && option.value != "0");
    place_.fills = place_.fills || (option.name == "depth" && option.value == std::to_string(content->content.size()));
    if (place_.anchored && place_.counted) {
      problems_.add(option.place, "startswith does not go with depth, offset, within or distance");
    }
    // The first so many bytes are the content.
    content->starts_with = place_.anchored || (place_.fills && !place_.shifted);
  }

  source::Arena& arena_;
  Problems& problems_;
  std::vector<Match> matches_;
  std::string_view buffer_;
  bool dot_prefix_ = false;
  std::size_t first_of_buffer_ = 0;
  /// What was said of where one content is to be found.
  struct ContentPlace {
    bool anchored = false;  ///< startswith
    bool counted = false;   ///< depth, offset, within or distance
    bool shifted = false;   ///< it does not count from the first byte
    bool fills = false;     ///< depth is the size of the content
  };
  std::size_t placed_ = static_cast<std::size_t>(-1);  ///< index of that content
  ContentPlace place_;
};

}  // namespace

std::span<const Match> read_matches(std::span<const Option> options, source::Arena& arena, Problems& problems) {
  Reader reader(arena, problems);
  for (const Option& option : options) {
    reader.option(option);
  }
  return reader.finish();
}

}  // namespace gabion::syntax::suricata
