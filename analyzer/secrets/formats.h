// The formats of tokens that their issuers publish: which letters they begin with, what they are made of, how long they
// are, and the checksums of those that have one. Used by the detector alone; each format is read at a place where its
// marker was found, in time linear in the token.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace gabion::secrets {

/// A secret within a text: the bytes [begin, end) and what they are, with its article ("an access key of AWS").
struct Token {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string_view what;
};

/// With these texts a token of some format begins, or what is around it. None is the beginning of another one.
[[nodiscard]] std::vector<std::string_view> markers();

/// The token whose marker is [begin, end) of the text, or nothing when what stands there has another form, is a
/// placeholder, or is an example from documentation.
[[nodiscard]] std::optional<Token> read_token(std::string_view text, std::size_t begin, std::size_t end);

/// Does the token of 30 or more letters and digits behind the prefix end with the checksum of the others? GitHub and
/// npm write CRC-32 in base 62, six digits of it.
[[nodiscard]] bool has_valid_checksum(std::string_view body);

}  // namespace gabion::secrets
