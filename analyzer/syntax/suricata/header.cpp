#include "syntax/suricata/header.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>

namespace gabion::syntax::suricata {
namespace {

using namespace std::literals;

constexpr std::array kActions = {"alert"sv, "drop"sv, "pass"sv, "reject"sv};
constexpr std::array kForeignActions = {"rejectsrc"sv, "rejectdst"sv, "rejectboth"sv, "config"sv};
constexpr std::array kProtocols = {"any"sv,       "bittorrent-dht"sv,
                                   "dcerpc"sv,    "dhcp"sv,
                                   "dnp3"sv,      "dns"sv,
                                   "enip"sv,      "ftp"sv,
                                   "ftp-data"sv,  "http"sv,
                                   "http1"sv,     "http2"sv,
                                   "icmp"sv,      "icmpv4"sv,
                                   "icmpv6"sv,    "ike"sv,
                                   "ikev2"sv,     "imap"sv,
                                   "ip"sv,        "ip4"sv,
                                   "ip6"sv,       "ipv4"sv,
                                   "ipv6"sv,      "krb5"sv,
                                   "modbus"sv,    "mqtt"sv,
                                   "msn"sv,       "nfs"sv,
                                   "ntp"sv,       "pgsql"sv,
                                   "pkthdr"sv,    "pop3"sv,
                                   "quic"sv,      "rdp"sv,
                                   "rfb"sv,       "sctp"sv,
                                   "sip"sv,       "smb"sv,
                                   "smtp"sv,      "snmp"sv,
                                   "ssh"sv,       "tcp"sv,
                                   "tcp-pkt"sv,   "tcp-stream"sv,
                                   "telnet"sv,    "tftp"sv,
                                   "tls"sv,       "udp"sv,
                                   "websocket"sv, "ldap"sv,
                                   "doh2"sv,      "mdns"sv};

constexpr int kMaxNesting = 16;

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v';
}

bool has_hole(std::string_view text) {
  return text.find(kHole) != std::string_view::npos;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && is_blank(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

/// Next field from `offset` on: up to a blank outside of brackets, or to the parenthesis of the options.
std::string_view next_field(std::string_view text, std::size_t& offset) {
  const auto between = [&] {
    return is_blank(text[offset]) || (text[offset] == '\\' && offset + 1 < text.size() && is_blank(text[offset + 1]));
  };
  while (offset < text.size() && between()) {
    ++offset;
  }
  const std::size_t begin = offset;
  int depth = 0;
  while (offset < text.size() && (depth > 0 || !is_blank(text[offset])) && text[offset] != '(') {
    depth += text[offset] == '[' ? 1 : 0;
    depth -= text[offset] == ']' ? 1 : 0;
    ++offset;
  }
  return text.substr(begin, offset - begin);
}

std::optional<unsigned> port_number(std::string_view text) {
  unsigned number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || stop != text.data() + text.size() || number > 65535) {
    return std::nullopt;
  }
  return number;
}

bool valid_port(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) {
    return port_number(text).has_value();
  }
  const std::string_view low = trim(text.substr(0, colon));
  const std::string_view high = trim(text.substr(colon + 1));
  if (low.empty() && high.empty()) {
    return false;
  }
  const std::optional<unsigned> first = low.empty() ? 0U : port_number(low);
  const std::optional<unsigned> last = high.empty() ? 65535U : port_number(high);
  return first && last && *first <= *last;
}

bool is_ip(const std::string& text) {
  std::array<unsigned char, 16> bytes{};
  return inet_pton(AF_INET, text.c_str(), bytes.data()) == 1 || inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1;
}

/// An address, a network, or a range of addresses.
bool valid_address(std::string_view text) {
  if (const std::size_t slash = text.find('/'); slash != std::string_view::npos) {
    const std::string address(text.substr(0, slash));
    const std::string mask(text.substr(slash + 1));
    const bool six = address.find(':') != std::string::npos;
    const std::optional<unsigned> length = port_number(mask);
    return is_ip(address) && ((length && *length <= (six ? 128U : 32U)) || (!six && is_ip(mask)));
  }
  if (const std::size_t dash = text.find('-'); dash != std::string_view::npos) {
    return is_ip(std::string(text.substr(0, dash))) && is_ip(std::string(text.substr(dash + 1)));
  }
  return is_ip(std::string(text));
}

std::optional<std::string_view> list_problem(std::string_view text, bool ports, int depth);

/// Nothing, or what is wrong with one of the addresses or ports of a field, or a group of them in brackets.
std::optional<std::string_view> item_problem(std::string_view text, bool ports, int depth) {
  text = trim(text);
  bool negated = false;
  while (!text.empty() && text.front() == '!') {
    text = trim(text.substr(1));
    negated = true;
  }
  if (negated && text == "any") {
    return "nothing is left: ! and any exclude each other"sv;
  }
  if (text == "$" || text == "@") {
    return "a variable has a name"sv;
  }
  if (text.empty()) {
    return "a value is missing";
  }
  if (has_hole(text) || text == "any" || text.front() == '$' || (text.front() == '@' && !ports)) {
    return std::nullopt;
  }
  if (text.front() != '[') {
    const bool valid = ports ? valid_port(text) : valid_address(text);
    return valid ? std::nullopt
                 : std::optional(ports ? "neither a port, a range of ports such as 1024:, a variable, nor any"sv
                                       : "neither an address, a network, a variable, nor any"sv);
  }
  if (text.back() != ']') {
    return "the bracket is not closed";
  }
  if (depth == kMaxNesting) {
    return "groups are nested too deeply";
  }
  return list_problem(text.substr(1, text.size() - 2), ports, depth + 1);
}

/// The same for what commas part: the contents of brackets, or a field. Suricata takes a list without brackets too.
std::optional<std::string_view> list_problem(std::string_view text, bool ports, int depth) {
  int open = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i == text.size() || (text[i] == ',' && open == 0)) {
      if (const auto problem = item_problem(text.substr(begin, i - begin), ports, depth)) {
        return problem;
      }
      begin = i + 1;
      continue;
    }
    open += text[i] == '[' ? 1 : 0;
    open -= text[i] == ']' ? 1 : 0;
  }
  return std::nullopt;
}

std::optional<std::string_view> field_problem(std::string_view text, bool ports) {
  return list_problem(text, ports, 0);
}

}  // namespace

bool read_header(std::string_view text, std::size_t begin, Rule& rule, std::size_t& options, Problems& problems) {
  std::size_t offset = 0;
  std::array<std::string_view, 7> fields;
  const auto where = [&](std::string_view field) {
    const std::size_t at = begin + static_cast<std::size_t>(field.data() - text.data());
    return problems.place(at, at + field.size());
  };
  for (std::string_view& field : fields) {
    field = next_field(text, offset);
    if (field.empty()) {
      problems.add(begin, begin + text.size(), "a rule is: action protocol source port -> destination port (options)");
      return false;
    }
  }
  rule.action = fields[0];
  rule.protocol = fields[1];
  rule.source = fields[2];
  rule.source_port = fields[3];
  rule.direction = fields[4] == "<>" ? Direction::kBoth : Direction::kForward;
  rule.destination = fields[5];
  rule.destination_port = fields[6];
  while (offset < text.size() && (is_blank(text[offset]) || text[offset] == '\\')) {
    ++offset;
  }
  if (offset == text.size() || text[offset] != '(') {
    problems.add(begin + std::min(offset, text.size() - 1), begin + text.size(),
                 "the options of a rule are in parentheses");
    return false;
  }
  options = offset + 1;

  if (std::ranges::find(kForeignActions, rule.action) != kForeignActions.end()) {
    problems.add(where(rule.action), "Network Firewall knows no such action: alert, drop, pass and reject");
  } else if (!has_hole(rule.action) && std::ranges::find(kActions, rule.action) == kActions.end()) {
    problems.add(where(rule.action), "unknown action: a rule starts with alert, drop, pass or reject");
  }
  if (!has_hole(rule.protocol) && std::ranges::find(kProtocols, rule.protocol) == kProtocols.end()) {
    problems.add(where(rule.protocol), "unknown protocol");
  }
  if (fields[4] != "->" && fields[4] != "<>" && !has_hole(fields[4])) {
    problems.add(where(fields[4]), "the direction is -> or <>");
  }
  for (const std::string_view address : {rule.source, rule.destination}) {
    if (const auto problem = field_problem(address, false)) {
      problems.add(where(address), *problem);
    }
  }
  for (const std::string_view port : {rule.source_port, rule.destination_port}) {
    if (const auto problem = field_problem(port, true)) {
      problems.add(where(port), *problem);
    }
  }
  return true;
}

}  // namespace gabion::syntax::suricata
