// Who refers to whom in one configuration, looked up instead of walked: rule functions ask it for the resource that a
// value names and for the resources that name one. Its answers are those of refers_to() over all resources, three
// truth values included; what is asked for is built when it is first asked for.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "eval/value.h"
#include "model/model.h"
#include "source/arena.h"
#include "source/hash.h"

namespace gabion::engine {

class BucketNames;
class PolicyUses;
class Views;

/// Whether a value may refer to any resource whatever, because nothing tells where it comes from: refers_to() is then
/// unknown for each resource that it does not surely refer to, and otherwise never unknown.
[[nodiscard]] bool may_refer_to_any(const eval::Value& value);
/// Values at a dotted path below a view; blocks are lists, of which every element is looked at.
[[nodiscard]] std::vector<eval::Value> values_at(const eval::Value& view, std::string_view path);

/// Calls of modules that are not here: nothing shows what those do with their arguments.
[[nodiscard]] std::vector<const model::ConfigurationBlock*> absent_calls(const model::Configuration& configuration);

/// The resource that a value refers to.
struct ResolvedReference {
  const model::Resource* resource = nullptr;
  bool open = false;  ///< none surely, but any may be
};

/// Resources that refer to one, in the order of types asked for and of the configuration.
struct Referrers {
  std::vector<const model::Resource*> sure;
  const model::Resource* possible = nullptr;  ///< the first that may, when none surely does
  const eval::Symbol* cause = nullptr;        ///< the unknown that leaves it open, when there is one
  const model::Resource* doubtful = nullptr;  ///< or the resource that may not exist
  /// When none of the configuration refers to it, nor may: the call of a module that is not here and was given it, so
  /// that it may have what is asked for.
  const model::ConfigurationBlock* absent_module = nullptr;
};

/// Indexes of one frozen configuration.
class ReferenceIndex {
 public:
  ReferenceIndex(const model::Configuration& configuration, Views& views);
  ~ReferenceIndex();
  ReferenceIndex(const ReferenceIndex&) = delete;
  ReferenceIndex& operator=(const ReferenceIndex&) = delete;

  /// The first resource that the value refers to.
  [[nodiscard]] ResolvedReference resolve(const eval::Value& value);
  /// The first resource whose name the value surely is as a whole, where neither is known; null when there is none.
  [[nodiscard]] const model::Resource* named_by(const eval::Value& value);
  /// Managed resources of a type, among them all that the value refers to or may refer to, as refers_to() sees it, in
  /// the order of the configuration. Of a list those of its elements.
  [[nodiscard]] std::vector<model::ResourceId> candidates(std::string_view type, const eval::Value& value);
  /// Tells of a resource that may not exist whether it exists wherever the target does.
  using Exists = std::function<bool(const model::Resource&)>;
  /// Managed resources of the types one of whose values at the paths refers to the target.
  [[nodiscard]] Referrers referrers(const model::Resource& target, std::span<const std::string_view> types,
                                    std::span<const std::string_view> paths, const Exists& exists = {});
  /// What the managed policies are for.
  [[nodiscard]] PolicyUses& policy_uses();
  /// What the names of buckets are made of.
  [[nodiscard]] const BucketNames& bucket_names();

 private:
  using Ids = std::vector<model::ResourceId>;
  using ByText = std::unordered_map<std::string_view, Ids, source::TextHash>;
  struct Named;
  struct Naming;

  /// What names resources.
  [[nodiscard]] const Named& named();
  /// What the values at one path of one type name.
  [[nodiscard]] const Naming& naming(std::string_view type, std::string_view path);
  void add(const eval::Value& value, model::ResourceId id, Naming& to, int depth);
  void look_up(const eval::Value& value, std::vector<std::span<const model::ResourceId>>& found, int depth);
  /// The call of a module that is not here and is given the resource, or null.
  [[nodiscard]] const model::ConfigurationBlock* given_to(const model::Resource& target);
  void know_absent_modules();
  /// By a text of the configuration.
  static void add_id(ByText& to, std::string_view text, model::ResourceId id);
  /// By one that may go before this.
  void add_id_of_copy(ByText& to, std::string_view text, model::ResourceId id);
  static void find(const ByText& in, std::string_view text, std::vector<std::span<const model::ResourceId>>& found);

  const model::Configuration& configuration_;
  Views& views_;
  source::Arena texts_;  ///< of tables, where the configuration does not have them
  std::unique_ptr<Named> named_;
  /// What modules that are not here are given; nothing as long as nobody asked.
  std::optional<std::vector<std::pair<eval::Value, const model::ConfigurationBlock*>>> given_;
  std::unordered_map<model::ResourceId, const model::ConfigurationBlock*> given_to_;  ///< what was asked
  std::unique_ptr<PolicyUses> policy_uses_;
  std::unique_ptr<const BucketNames> bucket_names_;
  std::map<std::pair<std::string, std::string>, std::unique_ptr<Naming>, std::less<>> naming_;
};

}  // namespace gabion::engine
