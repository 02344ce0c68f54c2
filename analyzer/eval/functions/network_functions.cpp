// Functions over IP networks in CIDR notation, versions 4 and 6.
#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "eval/functions/big_integer.h"
#include "eval/functions/support.h"
#include "source/ascii.h"

namespace gabion::eval {

namespace functions {
namespace {

using Bytes = std::vector<std::uint8_t>;  // 4 or 16, most significant first

/// A network: its first address and the length of its prefix.
struct Network {
  Bytes address;
  int prefix = 0;
  [[nodiscard]] int bits() const { return static_cast<int>(address.size()) * 8; }
};

/// Decimal digits up to a limit; leading zeros mean nothing.
std::optional<int> read_decimal(std::string_view text, int limit) {
  if (text.empty()) {
    return std::nullopt;
  }
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') {
      return std::nullopt;
    }
    value = value * 10 + (c - '0');
    if (value > limit) {
      return std::nullopt;
    }
  }
  return value;
}

std::optional<Bytes> read_v4(std::string_view text) {
  Bytes bytes;
  while (bytes.size() < 4) {
    const std::size_t dot = text.find('.');
    const auto octet = read_decimal(text.substr(0, dot), 255);
    if (!octet || (bytes.size() < 3) == (dot == std::string_view::npos)) {
      return std::nullopt;
    }
    bytes.push_back(static_cast<std::uint8_t>(*octet));
    text = dot == std::string_view::npos ? std::string_view() : text.substr(dot + 1);
  }
  return bytes;
}

std::optional<unsigned> read_group(std::string_view text) {
  if (text.empty() || text.size() > 4) {
    return std::nullopt;
  }
  unsigned value = 0;
  for (const char c : text) {
    unsigned digit = 0;
    if (source::is_digit(c)) {
      digit = static_cast<unsigned>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      digit = static_cast<unsigned>(c - 'a') + 10;
    } else if (c >= 'A' && c <= 'F') {
      digit = static_cast<unsigned>(c - 'A') + 10;
    } else {
      return std::nullopt;
    }
    value = value * 16 + digit;
  }
  return value;
}

/// Groups between colons; the last one may be an address of version 4.
bool read_groups(std::string_view text, Bytes& out) {
  while (!text.empty()) {
    const std::size_t colon = text.find(':');
    const std::string_view piece = text.substr(0, colon);
    if (piece.find('.') != std::string_view::npos) {
      const auto v4 = read_v4(piece);
      if (!v4 || colon != std::string_view::npos) {
        return false;
      }
      out.insert(out.end(), v4->begin(), v4->end());
      return true;
    }
    const auto group = read_group(piece);
    if (!group) {
      return false;
    }
    out.push_back(static_cast<std::uint8_t>(*group >> 8U));
    out.push_back(static_cast<std::uint8_t>(*group & 0xFFU));
    if (colon == std::string_view::npos) {
      return true;
    }
    text = text.substr(colon + 1);
    if (text.empty()) {
      return false;
    }
  }
  return true;
}

std::optional<Bytes> read_v6(std::string_view text) {
  constexpr std::size_t kSize = 16;
  Bytes head;
  Bytes tail;
  const std::size_t gap = text.find("::");
  if (!read_groups(text.substr(0, gap), head)) {
    return std::nullopt;
  }
  if (gap == std::string_view::npos) {
    return head.size() == kSize ? std::optional(head) : std::nullopt;
  }
  if (!read_groups(text.substr(gap + 2), tail) || head.size() + tail.size() > kSize - 2) {
    return std::nullopt;
  }
  head.resize(kSize - tail.size(), 0);
  head.insert(head.end(), tail.begin(), tail.end());
  return head;
}

/// Clears what is behind the prefix.
void mask(Bytes& address, int prefix) {
  for (std::size_t i = 0; i < address.size(); ++i) {
    const int kept = std::clamp(prefix - static_cast<int>(i) * 8, 0, 8);
    address[i] = static_cast<std::uint8_t>(address[i] & (0xFF00U >> static_cast<unsigned>(kept)));
  }
}

std::optional<Network> read_network(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) {
    return std::nullopt;
  }
  auto address = read_v4(text.substr(0, slash));
  if (!address) {
    address = read_v6(text.substr(0, slash));
  }
  if (!address) {
    return std::nullopt;
  }
  Network network;
  network.address = *address;
  const auto prefix = read_decimal(text.substr(slash + 1), network.bits());
  if (!prefix) {
    return std::nullopt;
  }
  network.prefix = *prefix;
  mask(network.address, network.prefix);
  return network;
}

/// Version 4, or an address of version 6 that stands for one.
bool is_v4(const Bytes& address) {
  return address.size() == 4 ||
         (std::all_of(address.begin(), address.begin() + 10, [](std::uint8_t byte) { return byte == 0; }) &&
          address[10] == 0xFF && address[11] == 0xFF);
}

std::string hexadecimal(unsigned value) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (int shift = 12; shift >= 0; shift -= 4) {
    const unsigned digit = (value >> static_cast<unsigned>(shift)) & 15U;
    if (digit != 0 || !out.empty() || shift == 0) {
      out.push_back(kDigits[digit]);
    }
  }
  return out;
}

/// RFC 5952: the first longest run of at least two zero groups is left out.
std::string address_text(const Bytes& address) {
  std::string out;
  if (is_v4(address)) {
    for (std::size_t i = address.size() - 4; i < address.size(); ++i) {
      out += out.empty() ? "" : ".";
      out += std::to_string(address[i]);
    }
    return out;
  }
  std::array<unsigned, 8> groups{};
  for (std::size_t i = 0; i < groups.size(); ++i) {
    groups[i] = (static_cast<unsigned>(address[2 * i]) << 8U) | address[2 * i + 1];
  }
  std::size_t gap = groups.size();
  std::size_t gap_size = 1;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    std::size_t end = i;
    while (end < groups.size() && groups[end] == 0) {
      ++end;
    }
    if (end - i > gap_size) {
      gap = i;
      gap_size = end - i;
    }
  }
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (i == gap) {
      out += "::";
      i += gap_size - 1;
      continue;
    }
    out += out.empty() || out.back() == ':' ? "" : ":";
    out += hexadecimal(groups[i]);
  }
  return out;
}

std::string network_text(const Network& network) {
  // A network inside the range that stands for version 4 is written as version 4.
  const int shift = network.address.size() == 16 && is_v4(network.address) ? 96 : 0;
  return address_text(network.address) + "/" + std::to_string(network.prefix - shift);
}

/// The address with the number put in from bit `prefix` upwards; nothing when it does not fit into an address at all.
std::optional<Bytes> insert_number(const Bytes& address, const BigInteger& number, int prefix) {
  const int bits = static_cast<int>(address.size()) * 8;
  BigInteger shifted(number);
  mpz_mul_2exp(shifted.get(), shifted.get(), static_cast<mp_bitcnt_t>(bits - prefix));
  BigInteger base;
  mpz_import(base.get(), address.size(), 1, 1, 1, 0, address.data());
  mpz_ior(base.get(), base.get(), shifted.get());
  if (mpz_sizeinbase(base.get(), 2) > static_cast<std::size_t>(bits)) {
    return std::nullopt;
  }
  Bytes digits(address.size(), 0);
  std::size_t count = 0;
  mpz_export(digits.data(), &count, 1, 1, 1, 0, base.get());
  Bytes out(address.size() - count, 0);
  out.insert(out.end(), digits.begin(), digits.begin() + static_cast<std::ptrdiff_t>(count));
  return out;
}

Value not_a_network(const Call& call, Context& context) {
  return argument_error(call, 0, "invalid CIDR expression: " + describe(call.arguments[0]), context);
}

/// The low 64 bits of the magnitude, as Go's big.Int gives them.
std::uint64_t low_bits(const BigInteger& number) {
  BigInteger low;
  mpz_abs(low.get(), number.get());
  mpz_tdiv_r_2exp(low.get(), low.get(), 64);
  std::uint64_t out = 0;
  mpz_export(&out, nullptr, -1, sizeof out, 0, 0, low.get());
  return out;
}

Value cidrhost(const Call& call, Context& context) {
  const auto network = read_network(call.arguments[0].text());
  if (!network) {
    return not_a_network(call, context);
  }
  auto number = BigInteger::from(call.arguments[1].number());
  if (!number) {
    return whole_number_error(call, 1, context);
  }
  BigInteger most(1);
  mpz_mul_2exp(most.get(), most.get(), static_cast<mp_bitcnt_t>(network->bits() - network->prefix));
  mpz_sub_ui(most.get(), most.get(), 1);
  // Negative numbers count from the end. What is compared with the size has 64 bits only, as in Terraform.
  BigInteger compared;
  if (number->sign() < 0) {
    mpz_neg(compared.get(), number->get());
    mpz_sub_ui(compared.get(), compared.get(), 1);
    mpz_sub(number->get(), most.get(), compared.get());
  } else {
    const std::uint64_t low = low_bits(*number);
    mpz_set_si(compared.get(), static_cast<std::int64_t>(low));
  }
  if (mpz_cmp(compared.get(), most.get()) > 0) {
    return call_error(call,
                      "prefix of " + std::to_string(network->prefix) + " does not accommodate a host numbered " +
                          describe(call.arguments[1]),
                      context);
  }
  const auto address = insert_number(network->address, *number, is_v4(network->address) ? 32 : 128);
  if (!address) {
    return call_error(call, "host number is too large", context);
  }
  return text_result(call, address_text(*address), context);
}

Value cidrnetmask(const Call& call, Context& context) {
  const auto network = read_network(call.arguments[0].text());
  if (!network) {
    return not_a_network(call, context);
  }
  if (!is_v4(network->address)) {
    return call_error(call, "IPv6 addresses cannot have a netmask: " + describe(call.arguments[0]), context);
  }
  Bytes netmask(network->address.size(), 0xFF);
  mask(netmask, network->prefix);
  return text_result(call, address_text(netmask), context);
}

Value cidrsubnet(const Call& call, Context& context) {
  const auto network = read_network(call.arguments[0].text());
  if (!network) {
    return not_a_network(call, context);
  }
  const auto new_bits = whole(call.arguments[1]);
  const auto number = BigInteger::from(call.arguments[2].number());
  if (!new_bits) {
    return whole_number_error(call, 1, context);
  }
  if (!number) {
    return whole_number_error(call, 2, context);
  }
  if (*new_bits > network->bits() - network->prefix || *new_bits < -network->prefix) {
    return call_error(call,
                      "insufficient address space to extend prefix of " + std::to_string(network->prefix) + " by " +
                          std::to_string(*new_bits),
                      context);
  }
  const bool limited = *new_bits >= 0 && *new_bits < 64;
  if (limited && low_bits(*number) >> static_cast<unsigned>(*new_bits) != 0) {
    return call_error(call,
                      "prefix extension of " + std::to_string(*new_bits) + " does not accommodate a subnet numbered " +
                          describe(call.arguments[2]),
                      context);
  }
  Network result;
  result.prefix = network->prefix + static_cast<int>(*new_bits);
  const auto address = insert_number(network->address, *number, result.prefix);
  if (!address) {
    return call_error(call, "subnet number is too large", context);
  }
  result.address = *address;
  return text_result(call, network_text(result), context);
}

/// Adds one to the address; true when it wrapped around to zero.
bool increment(Bytes& address) {
  for (std::size_t i = address.size(); i-- > 0;) {
    if (++address[i] != 0) {
      return false;
    }
  }
  return true;
}

void decrement(Bytes& address) {
  for (std::size_t i = address.size(); i-- > 0;) {
    if (address[i]-- != 0) {
      return;
    }
  }
}

Value cidrsubnets(const Call& call, Context& context) {
  const auto network = read_network(call.arguments[0].text());
  if (!network) {
    return not_a_network(call, context);
  }
  if (network->address.size() == 16 && is_v4(network->address) && call.arguments.size() > 1) {
    // Terraform takes the addresses for version 4 here, in which such prefixes do not exist.
    return argument_error(call, 1, "not enough remaining address space in a range that stands for IPv4", context);
  }
  std::vector<Value> subnets;
  Network current;
  current.address = network->address;
  decrement(current.address);
  for (std::size_t i = 1; i < call.arguments.size(); ++i) {
    if (!call.arguments[i].is_number()) {
      return unknown_result(call, kListOfString, context);
    }
    const auto new_bits = whole(call.arguments[i]);
    if (!new_bits) {
      return whole_number_error(call, i, context);
    }
    if (*new_bits < 1) {
      return argument_error(call, i, "must extend prefix by at least one bit", context);
    }
    if (*new_bits > 32) {
      return argument_error(call, i, "may not extend prefix by more than 32 bits", context);
    }
    const int prefix = network->prefix + static_cast<int>(*new_bits);
    if (prefix > network->bits()) {
      return argument_error(call, i, "would extend prefix to " + std::to_string(prefix) + " bits, which is too long",
                            context);
    }
    if (i == 1) {
      current.prefix = prefix;
      mask(current.address, prefix);
    }
    // The subnet of the new size behind the last address of the one before.
    Bytes last = current.address;
    for (std::size_t b = 0; b < last.size(); ++b) {
      const int kept = std::clamp(current.prefix - static_cast<int>(b) * 8, 0, 8);
      last[b] = static_cast<std::uint8_t>(last[b] | (0xFFU >> static_cast<unsigned>(kept)));
    }
    mask(last, prefix);
    for (std::size_t b = 0; b < last.size(); ++b) {
      const int kept = std::clamp(prefix - static_cast<int>(b) * 8, 0, 8);
      last[b] = static_cast<std::uint8_t>(last[b] | (0xFFU >> static_cast<unsigned>(kept)));
    }
    const bool wrapped = increment(last);
    current.prefix = prefix;
    current.address = last;
    mask(current.address, prefix);
    Bytes outer = current.address;
    mask(outer, network->prefix);
    if (wrapped || outer != network->address) {
      return argument_error(
          call, i,
          "not enough remaining address space for a subnet with a prefix of " + std::to_string(prefix) + " bits",
          context);
    }
    subnets.push_back(make_string(context.arena, network_text(current)));
  }
  return make_list(context.arena, kStringType, subnets);
}

constexpr Parameter kPrefix[] = {{.name = "prefix", .type = &kStringType}};
constexpr Parameter kHost[] = {{.name = "prefix", .type = &kStringType}, {.name = "hostnum", .type = &kNumberType}};
constexpr Parameter kSubnet[] = {{.name = "prefix", .type = &kStringType},
                                 {.name = "newbits", .type = &kNumberType},
                                 {.name = "netnum", .type = &kNumberType}};
constexpr Parameter kNewBits{.name = "newbits", .type = &kNumberType};

constexpr Builtin kTable[] = {
    {.name = "cidrhost", .parameters = kHost, .result = &kStringType, .call = &cidrhost},
    {.name = "cidrnetmask", .parameters = kPrefix, .result = &kStringType, .call = &cidrnetmask},
    {.name = "cidrsubnet", .parameters = kSubnet, .result = &kStringType, .call = &cidrsubnet},
    {.name = "cidrsubnets",
     .parameters = kPrefix,
     .variadic = &kNewBits,
     .result = &kListOfString,
     .call = &cidrsubnets},
};

}  // namespace
}  // namespace functions

std::span<const Builtin> network_functions() {
  return functions::kTable;
}

}  // namespace gabion::eval
