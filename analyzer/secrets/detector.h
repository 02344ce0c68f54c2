// Finds secrets in texts: tokens of known formats wherever they stand, and values whose name says what they are.
// Called for the literals of configurations, for rule functions and before anything is printed. Reads a text once, with
// one table of words, whatever its length; never reports placeholders and values that say where a secret is.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "secrets/formats.h"
#include "secrets/values.h"

namespace gabion::secrets {

class Detector {
 public:
  Detector();
  Detector(const Detector&) = delete;
  Detector& operator=(const Detector&) = delete;
  ~Detector();

  /// False: the text surely holds no secret, neither a token nor a value under a name that says so. One quick pass.
  [[nodiscard]] bool may_hold(std::string_view text) const;

  /// A part of a text, as offsets.
  struct Part {
    std::size_t begin = 0;
    std::size_t end = 0;
  };
  /// Where may_hold() sees something, in order: a piece of the text that touches none of these surely holds no secret,
  /// unless the name that is known for all of it says so.
  [[nodiscard]] std::vector<Part> hints(std::string_view text) const;

  /// Tokens of known formats, in order, none over another.
  [[nodiscard]] std::vector<Token> tokens(std::string_view text) const;

  /// Tokens, and values that are assigned to secret names in a text of many lines (a script, JSON, a file of settings):
  /// NAME=value, "name": "value". In order, none over another.
  [[nodiscard]] std::vector<Token> written(std::string_view text) const;

  /// Keys that AWS' documentation uses as examples: no secrets, but where a key belongs they stand for one.
  [[nodiscard]] static std::optional<std::string_view> example_key(std::string_view value);

  /// What a whole value is, given the name under which it is known ("" for none); nothing when it is no secret.
  [[nodiscard]] std::optional<std::string_view> secret(std::string_view name, std::string_view value) const;
  /// The same where it is known from elsewhere what the name says.
  [[nodiscard]] std::optional<std::string_view> secret(NameKind kind, std::string_view name,
                                                       std::string_view value) const;

 private:
  /// The first part from `from` on.
  [[nodiscard]] std::optional<Part> hint(std::string_view text, std::size_t from) const;

  class Words;
  std::unique_ptr<const Words> words_;
};

}  // namespace gabion::secrets
