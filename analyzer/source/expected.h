// Results that may be an error of the environment (I/O, configuration, flags). Problems in the
// analysed files are Diagnostics and Findings, never Expected errors.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>

namespace gabion::source {

/// What went wrong with the environment, where, and what to do about it.
struct Error {
  std::string message;      ///< what was seen, lower case, no full stop
  std::string path;         ///< file it is about, or empty
  std::uint32_t line = 0;   ///< 1-based, 0 when there is none
  std::uint32_t column = 0; ///< 1-based byte column, 0 when there is none
  std::string hint;         ///< what to do, or empty
};

/// A T or an Error. The caller must look before it takes the value.
template <class T>
class [[nodiscard]] Expected {
 public:
  Expected(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Expected(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }
  [[nodiscard]] T& value() & { return std::get<0>(state_); }
  [[nodiscard]] const T& value() const& { return std::get<0>(state_); }
  [[nodiscard]] T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  [[nodiscard]] const Error& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, Error> state_;
};

/// Success without a value.
struct Unit {};

}  // namespace gabion::source
