// What policy documents say about one concrete request. The reference for everything else in this folder: the prover's
// witnesses are checked here. Documents with holes are decided as far as the holes allow.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eval/truth.h"
#include "iam/document.h"
#include "iam/open_point.h"

namespace gabion::iam {

/// Order of context keys: ASCII case does not count.
struct KeyLess {
  using is_transparent = void;
  bool operator()(std::string_view a, std::string_view b) const;
};

/// Value of a context key: one value, or a list (a multivalued key, also with one or no element).
struct ContextValue {
  std::vector<std::string> values;
  bool list = false;
  ContextValue() = default;
  explicit ContextValue(std::string value) : values{std::move(value)} {}
  explicit ContextValue(std::vector<std::string> several) : values(std::move(several)), list(true) {}
  friend bool operator==(const ContextValue&, const ContextValue&) = default;
};

using RequestContext = std::map<std::string, ContextValue, KeyLess>;

/// One request. `principal` is an ARN, a service ("ec2.amazonaws.com"), a federated provider or "anonymous".
struct Request {
  std::string principal;
  std::string action;
  std::string resource;
  RequestContext context;
  friend bool operator==(const Request&, const Request&) = default;
};

enum class Decision : std::uint8_t { kAllowed, kExplicitlyDenied, kImplicitlyDenied };
/// "Allowed", "ExplicitlyDenied", "ImplicitlyDenied".
[[nodiscard]] std::string_view name(Decision decision);

/// What one document says. Holes match nothing here (see judge for documents with holes).
[[nodiscard]] Decision decide(const PolicyDocument& document, PolicyKind kind, const Request& request,
                              OpenPoints alternatives = {});

/// A decision with what it hangs on.
struct Judgement {
  Decision decision = Decision::kImplicitlyDenied;
  OpenPoints open_points;         ///< points whose alternative gives another decision
  std::optional<std::size_t> by;  ///< index of the statement that decided
};
[[nodiscard]] Judgement judge(const PolicyDocument& document, PolicyKind kind, const Request& request);

/// Does the statement match the request?
[[nodiscard]] bool matches(const Statement& statement, const PolicyDocument& document, PolicyKind kind,
                           const Request& request, OpenPoints alternatives = {});

/// All policies that apply to a request (borrowed).
struct PolicySet {
  std::vector<const PolicyDocument*> identity;
  const PolicyDocument* resource = nullptr;
  std::vector<const PolicyDocument*> boundaries;
  const PolicyDocument* session = nullptr;
  std::vector<std::vector<const PolicyDocument*>> scps;  ///< one list per level
  std::vector<std::vector<const PolicyDocument*>> rcps;  ///< one list per level
  std::string resource_account;                          ///< empty: the account in the resource's ARN
};
[[nodiscard]] Decision decide(const PolicySet& policies, const Request& request, OpenPoints alternatives = {});
/// The decision with what it hangs on; `by` stays empty.
[[nodiscard]] Judgement judge(const PolicySet& policies, const Request& request);

}  // namespace gabion::iam
