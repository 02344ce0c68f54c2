#include "engine/permissions.h"

#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "aws/managed_policies.h"
#include "engine/coexistence.h"
#include "engine/policy_reading.h"
#include "engine/policy_readings.h"
#include "engine/reference_index.h"
#include "engine/view.h"
#include "engine/workloads.h"

namespace gabion::engine {
namespace {

using eval::Truth;
using eval::Value;
using iam::PrincipalSort;

/// A resource that gives a principal a policy: which attribute names the principal (or several), which the policy.
struct Attachment {
  std::string_view type;
  std::string_view principal_type;
  std::string_view principal;
  std::string_view policy;
  enum class Gives : std::uint8_t { kDocument, kArn, kName } gives = Gives::kArn;
};

constexpr std::array<Attachment, 15> kAttachments = {{
    {"aws_iam_role_policy", "aws_iam_role", "role", "policy", Attachment::Gives::kDocument},
    {"aws_iam_user_policy", "aws_iam_user", "user", "policy", Attachment::Gives::kDocument},
    {"aws_iam_group_policy", "aws_iam_group", "group", "policy", Attachment::Gives::kDocument},
    {"aws_iam_role_policy_attachment", "aws_iam_role", "role", "policy_arn"},
    {"aws_iam_user_policy_attachment", "aws_iam_user", "user", "policy_arn"},
    {"aws_iam_group_policy_attachment", "aws_iam_group", "group", "policy_arn"},
    {"aws_iam_policy_attachment", "aws_iam_role", "roles", "policy_arn"},
    {"aws_iam_policy_attachment", "aws_iam_user", "users", "policy_arn"},
    {"aws_iam_policy_attachment", "aws_iam_group", "groups", "policy_arn"},
    {"aws_iam_role_policy_attachments_exclusive", "aws_iam_role", "role_name", "policy_arns"},
    {"aws_iam_user_policy_attachments_exclusive", "aws_iam_user", "user_name", "policy_arns"},
    {"aws_iam_group_policy_attachments_exclusive", "aws_iam_group", "group_name", "policy_arns"},
    {"aws_ssoadmin_permission_set_inline_policy", "aws_ssoadmin_permission_set", "permission_set_arn", "inline_policy",
     Attachment::Gives::kDocument},
    {"aws_ssoadmin_managed_policy_attachment", "aws_ssoadmin_permission_set", "permission_set_arn",
     "managed_policy_arn"},
    {"aws_ssoadmin_customer_managed_policy_attachment", "aws_ssoadmin_permission_set", "permission_set_arn",
     "customer_managed_policy_reference", Attachment::Gives::kName},
}};

PrincipalSort sort_of(std::string_view type) {
  return type == "aws_iam_role"    ? PrincipalSort::kRole
         : type == "aws_iam_user"  ? PrincipalSort::kUser
         : type == "aws_iam_group" ? PrincipalSort::kGroup
                                   : PrincipalSort::kPolicy;
}

iam::Hole hole_for(const Value& value, std::string name) {
  iam::Hole hole;
  hole.symbol = eval::first_unknown(value);
  hole.name = hole.symbol != nullptr ? std::string(hole.symbol->text) : std::move(name);
  return hole;
}

}  // namespace

/// Puts the parts of a configuration together.
class PermissionsBuilder {
 public:
  PermissionsBuilder(const model::Configuration& configuration, const source::ArtifactStore& artifacts,
                     ReferenceIndex& references, PolicyMemo& memo, PolicyReadings& readings,
                     const iam::ReadOptions& options, Permissions& out)
      : configuration_(configuration),
        artifacts_(artifacts),
        references_(references),
        memo_(memo),
        readings_(readings),
        options_(options),
        out_(out) {}

  void build() {
    for (const std::string_view type :
         {"aws_iam_group", "aws_iam_user", "aws_iam_role", "aws_ssoadmin_permission_set"}) {
      for (const model::ResourceId id : configuration_.of_type(type)) {
        add_principal(configuration_.resource(id));
      }
    }
    for (const Attachment& attachment : kAttachments) {
      for (const model::ResourceId id : configuration_.of_type(attachment.type)) {
        attach(attachment, configuration_.resource(id));
      }
    }
    add_boundaries_of_sets();
    add_memberships();
    add_unattached();
    add_service_control();
    add_workloads();
  }

 private:
  iam::EscalationPrincipal& principal(std::size_t index) { return out_.estate_.principals[index]; }

  std::size_t add(const model::Resource& resource, PrincipalSort sort) {
    const std::size_t index = out_.estate_.principals.size();
    iam::EscalationPrincipal& made = out_.estate_.principals.emplace_back();
    made.sort = sort;
    made.name = std::string(resource.address);
    if (sort != PrincipalSort::kPolicy) {
      made.arn = arn_of(resource);
    }
    out_.given_.emplace_back();
    out_.inline_sizes_.push_back(0);
    out_.index_.emplace(&resource, index);
    resources_.push_back(&resource);
    return index;
  }

  iam::Text arn_of(const model::Resource& resource) const {
    const eval::Symbol symbol{
        .reason = eval::Reason::kComputed, .text = resource.address, .subject = resource.address, .path = "arn"};
    return options_.resolve(symbol).value_or(iam::Text());
  }

  void add_principal(const model::Resource& resource) {
    const std::size_t index = add(resource, sort_of(resource.type));
    // The provider takes an empty text for none.
    if (const Value* boundary = value_at(*resource.body, "permissions_boundary");
        boundary != nullptr && !(boundary->is_string() && boundary->text().empty())) {
      principal(index).policies.bounded = true;
      add_by_arn(index, *boundary, Truth::kYes, true);
    }
    if (resource.type != "aws_iam_role") {
      return;
    }
    if (const Value* trust = value_at(*resource.body, "assume_role_policy")) {
      const PolicyReadings::Reading reading = reading_of(*trust);
      principal(index).trust = reading->documents;
      principal(index).trust_known = reading->complete == Truth::kYes;
    } else {
      principal(index).trust_missing = true;
    }
    for (const model::Block& block : resource.body->blocks) {
      const Value* policy =
          block.type == "inline_policy" && block.body != nullptr ? value_at(*block.body, "policy") : nullptr;
      if (policy != nullptr) {
        add_document(index, std::string(resource.address) + ".inline_policy", *policy,
                     block.certain ? Truth::kYes : Truth::kUnknown, false);
        count_inline(index, *policy);
      }
    }
    if (const Value* arns = value_at(*resource.body, "managed_policy_arns")) {
      for_each_element(*arns, [&](const Value& arn) { add_by_arn(index, arn, Truth::kYes, false); });
    }
  }

  /// Calls with every element of a list, or with the value itself when it is none (or not known).
  template <class Call>
  static void for_each_element(const Value& value, Call&& call) {
    if (value.is_sequence()) {
      std::ranges::for_each(value.elements(), call);
    } else {
      call(value);
    }
  }

  /// Does the resource exist wherever the principal does?
  Truth beside(std::size_t index, const model::Resource& resource) const {
    return exists_with(resource, resources_[index], artifacts_) ? Truth::kYes : Truth::kUnknown;
  }

  // ---- Policies. ----

  void add_unknown(std::size_t index, iam::Hole hole, const Value& value, bool boundary) {
    iam::EffectivePolicies& policies = principal(index).policies;
    (boundary ? policies.unknown_boundary : policies.unknown).push_back(std::move(hole));
    if (!boundary) {
      out_.given_[index].push_back({value, nullptr});
    }
  }

  void add_document(std::size_t index, const std::string& name, const Value& document, Truth attached, bool boundary) {
    add_reading(index, name, document, reading_of(document), attached, boundary);
  }

  /// One policy may be attached to many, and is asked for its size.
  PolicyReadings::Reading reading_of(const Value& document) { return readings_.read(document, options_); }

  void add_reading(std::size_t index, const std::string& name, const Value& document,
                   const std::shared_ptr<const iam::PolicyReading>& reading, Truth attached, bool boundary) {
    if (reading->complete != Truth::kYes) {
      // What cannot be read at all does not get to AWS.
      if (reading->complete == Truth::kUnknown) {
        add_unknown(index, reading->unknown.value_or(hole_for(document, name)), document, boundary);
      }
      return;
    }
    iam::EffectivePolicies& policies = principal(index).policies;
    const Truth one = reading->documents.size() == 1 ? attached : Truth::kUnknown;
    for (const iam::PolicyDocument& found : reading->documents) {
      if (found.open) {
        (boundary ? policies.unknown_boundary : policies.unknown).push_back(*found.open);
      }
      (boundary ? policies.boundary : policies.identity).push_back({name, {reading, &found}, one});
    }
    if (!boundary) {
      out_.given_[index].push_back({document, nullptr});
    }
  }

  /// Inline policies share a quota.
  void count_inline(std::size_t index, const Value& document) {
    std::size_t least = 0;
    const PolicyReadings::Reading reading = reading_of(document);
    for (const iam::PolicyDocument& one : reading->documents) {
      least = least == 0 ? one.visible_size : std::min(least, one.visible_size);
    }
    out_.inline_sizes_[index] += least;
  }

  void add_managed(std::size_t index, const std::string& arn, Truth attached, bool boundary) {
    const std::shared_ptr<const PolicyMemo::Managed> policy = memo_.managed(arn);
    if (policy == nullptr) {
      iam::Hole hole;
      hole.name = "the contents of " + arn;
      add_unknown(index, std::move(hole), unknown_contents(arn), boundary);
      return;
    }
    iam::EffectivePolicies& policies = principal(index).policies;
    (boundary ? policies.boundary : policies.identity)
        .push_back({std::string(policy->policy.name()), {policy, &policy->reading.documents.front()}, attached});
    if (!boundary) {
      out_.given_[index].push_back({Value(), policy});
    }
  }

  Value unknown_contents(const std::string& arn) {
    eval::Context context = configuration_.context();
    const eval::Symbol* symbol = context.symbols.intern(
        {.reason = eval::Reason::kData, .text = "the contents of " + arn, .subject = {}, .path = {}, .region = {}});
    return eval::make_unknown(context.arena, eval::kStringType, symbol);
  }

  /// ARN of a policy of AWS, in the standard partition when the partition is not known; else empty.
  std::string managed_arn(const Value& value) const {
    const iam::Text text = iam::read_text(value, options_);
    if (text.known()) {
      const std::string arn = text.str();
      return aws::managed_policy_path(arn).empty() ? std::string() : arn;
    }
    const auto& segments = text.segments();
    if (segments.size() == 3 && segments[0].text == "arn:" && segments[1].is_hole && !segments[2].is_hole) {
      const std::string arn = "arn:aws" + segments[2].text;
      return aws::managed_policy_path(arn).empty() ? std::string() : arn;
    }
    return {};
  }

  /// The policy that an ARN names: of this configuration, of AWS, or one that is not known.
  void add_by_arn(std::size_t index, const Value& value, Truth attached, bool boundary) {
    if (value.is_null()) {
      return;
    }
    for (const model::ResourceId id : references_.candidates("aws_iam_policy", value)) {
      const model::Resource& policy = configuration_.resource(id);
      if (refers_to(value, policy) != Truth::kYes) {
        continue;
      }
      attached_.push_back(&policy);
      if (!boundary) {
        principal(index).own_policies.push_back(arn_of(policy));
      }
      if (const Value* document = value_at(*policy.body, "policy")) {
        add_document(index, std::string(policy.address), *document, attached & beside(index, policy), boundary);
      }
      return;
    }
    if (const std::string arn = managed_arn(value); !arn.empty()) {
      add_managed(index, arn, attached, boundary);
      return;
    }
    if (const std::string arn = arn_of_data(value); !arn.empty()) {
      add_managed(index, arn, attached, boundary);
      return;
    }
    const iam::Text text = iam::read_text(value, options_);
    if (!boundary && !text.segments().empty()) {
      principal(index).own_policies.push_back(text);
    }
    add_unknown(index, hole_for(value, "the contents of " + text.str()),
                value.is_unknown() ? value : unknown_contents(text.str()), boundary);
  }

  /// data.aws_iam_policy looks a policy up by ARN or by name: of AWS, when there is one of that name.
  std::string arn_of_data(const Value& value) const {
    if (!value.is_unknown() || value.unknown().symbol == nullptr) {
      return {};
    }
    const model::Resource* data = configuration_.find(value.unknown().symbol->subject);
    if (data == nullptr || data->mode != model::Mode::kData || data->type != "aws_iam_policy") {
      return {};
    }
    if (const Value* arn = value_at(*data->body, "arn"); arn != nullptr && arn->is_string()) {
      return managed_arn(*arn);
    }
    const Value* name = value_at(*data->body, "name");
    return name != nullptr && name->is_string() ? aws::managed_policy_named(name->text()) : std::string();
  }

  // ---- Attachments. ----

  struct Match {
    std::size_t index = 0;
    Truth sure = Truth::kNo;
  };

  /// Principals of a type that a value (or one of a list) means.
  std::vector<Match> principals(std::string_view type, const Value& value) {
    std::vector<Match> out;
    for (const model::ResourceId id : references_.candidates(type, value)) {
      const model::Resource& candidate = configuration_.resource(id);
      Truth any = Truth::kNo;
      for_each_element(value, [&](const Value& one) { any = any | refers_to(one, candidate); });
      if (any != Truth::kNo) {
        out.push_back({out_.index_.at(&candidate), any});
      }
    }
    return out;
  }

  void attach(const Attachment& attachment, const model::Resource& resource) {
    const Value* who = value_at(*resource.body, attachment.principal);
    const Value* what = value_at(*resource.body, attachment.policy);
    std::vector<Match> found;
    if (who != nullptr) {
      found = principals(attachment.principal_type, *who);
    }
    const bool sure = std::ranges::any_of(found, [](const Match& match) { return match.sure == Truth::kYes; });
    if (attachment.gives == Attachment::Gives::kDocument && !sure) {
      stray_.push_back(&resource);
    }
    for (const Match& match : found) {
      // When one principal is surely meant by a single name, no other one is.
      if (sure && match.sure != Truth::kYes && who != nullptr && !who->is_sequence()) {
        continue;
      }
      const Truth attached = match.sure & beside(match.index, resource);
      if (attachment.gives == Attachment::Gives::kName) {
        add_by_name(match.index, resource, attached);
      } else if (what != nullptr && attachment.gives == Attachment::Gives::kDocument) {
        add_document(match.index, std::string(resource.address), *what, attached, false);
        if (attached == Truth::kYes) {
          count_inline(match.index, *what);
        }
      } else if (what != nullptr) {
        for_each_element(*what, [&](const Value& arn) { add_by_arn(match.index, arn, attached, false); });
      }
    }
  }

  /// A policy of the account that a permission set refers to by name.
  void add_by_name(std::size_t index, const model::Resource& resource, Truth attached) {
    for (const model::Block& block : resource.body->blocks) {
      const Value* name = block.body != nullptr ? value_at(*block.body, "name") : nullptr;
      if (name == nullptr) {
        continue;
      }
      bool known = false;
      for (const model::ResourceId id : references_.candidates("aws_iam_policy", *name)) {
        const model::Resource& policy = configuration_.resource(id);
        const Value* document = value_at(*policy.body, "policy");
        if (refers_to(*name, policy) == Truth::kYes && document != nullptr) {
          add_document(index, std::string(policy.address), *document, attached, false);
          attached_.push_back(&policy);
          known = true;
          break;
        }
      }
      if (!known) {
        add_unknown(index, hole_for(*name, "the policy of " + std::string(resource.address)),
                    unknown_contents(std::string(resource.address)), false);
      }
    }
  }

  void add_memberships() {
    const auto join = [&](const Value* users, const Value* groups, const model::Resource& resource) {
      if (users == nullptr || groups == nullptr) {
        return;
      }
      for (const Match& user : principals("aws_iam_user", *users)) {
        for (const Match& group : principals("aws_iam_group", *groups)) {
          const Truth sure = user.sure & group.sure & beside(user.index, resource);
          iam::EscalationPrincipal& member = principal(user.index);
          if (std::ranges::find(member.groups, group.index) != member.groups.end()) {
            continue;
          }
          if (sure == Truth::kYes) {
            member.groups.push_back(group.index);
          }
          inherit(user.index, group.index, sure);
        }
      }
    };
    for (const model::ResourceId id : configuration_.of_type("aws_iam_group_membership")) {
      const model::Resource& resource = configuration_.resource(id);
      join(value_at(*resource.body, "users"), value_at(*resource.body, "group"), resource);
    }
    for (const model::ResourceId id : configuration_.of_type("aws_iam_user_group_membership")) {
      const model::Resource& resource = configuration_.resource(id);
      join(value_at(*resource.body, "user"), value_at(*resource.body, "groups"), resource);
    }
  }

  void inherit(std::size_t user, std::size_t group, Truth sure) {
    const iam::EscalationPrincipal from = principal(group);
    iam::EscalationPrincipal& to = principal(user);
    for (iam::AttachedPolicy policy : from.policies.identity) {
      policy.attached = policy.attached & sure;
      to.policies.identity.push_back(std::move(policy));
    }
    to.policies.unknown.insert(to.policies.unknown.end(), from.policies.unknown.begin(), from.policies.unknown.end());
    if (sure == Truth::kYes) {
      to.own_policies.insert(to.own_policies.end(), from.own_policies.begin(), from.own_policies.end());
    }
    const auto given = out_.given_[group];
    out_.given_[user].insert(out_.given_[user].end(), given.begin(), given.end());
  }

  /// Policies that go to principals elsewhere.
  void add_unattached() {
    const std::unordered_set<const model::Resource*> attached(attached_.begin(), attached_.end());
    for (const model::ResourceId id : configuration_.of_type("aws_iam_policy")) {
      const model::Resource& policy = configuration_.resource(id);
      if (!attached.contains(&policy)) {
        stray_.push_back(&policy);
      }
    }
    for (const model::Resource* resource : stray_) {
      const bool inline_policy_of_set = resource->type == "aws_ssoadmin_permission_set_inline_policy";
      const Value* document = value_at(*resource->body, inline_policy_of_set ? "inline_policy" : "policy");
      const std::size_t index = add(*resource, PrincipalSort::kPolicy);
      if (document != nullptr) {
        add_document(index, std::string(resource->address), *document, Truth::kYes, false);
      }
    }
  }

  /// The boundary of a permission set is attached by a resource of its own.
  void add_boundaries_of_sets() {
    for (const model::ResourceId id : configuration_.of_type("aws_ssoadmin_permissions_boundary_attachment")) {
      const model::Resource& resource = configuration_.resource(id);
      const Value* set = value_at(*resource.body, "permission_set_arn");
      for (const Match& match :
           set == nullptr ? std::vector<Match>{} : principals("aws_ssoadmin_permission_set", *set)) {
        const Truth attached = match.sure & beside(match.index, resource);
        iam::EffectivePolicies& policies = principal(match.index).policies;
        policies.bounded = true;
        const Value* arn = value_at(*resource.body, "permissions_boundary.managed_policy_arn");
        if (arn != nullptr && attached == Truth::kYes) {
          add_by_arn(match.index, *arn, Truth::kYes, true);
        } else {
          const std::string name = "the permissions boundary " + std::string(resource.address);
          add_unknown(match.index, iam::Hole{.name = name}, unknown_contents(name), true);
        }
      }
    }
  }

  /// Denials of service control policies that are attached to the account of a principal. What else an SCP withholds
  /// hangs on which others there are; those of roots and organizational units are attached to accounts that a
  /// configuration does not show. The management account, which attaches them, is not limited by any.
  void add_service_control() {
    for (const model::ResourceId id : configuration_.of_type("aws_organizations_policy_attachment")) {
      const model::Resource& attachment = configuration_.resource(id);
      const Value* target = value_at(*attachment.body, "target_id");
      const Value* which = value_at(*attachment.body, "policy_id");
      if (target == nullptr || which == nullptr || attachment.aws == nullptr) {
        continue;
      }
      const iam::Text account = iam::read_text(*target, options_);
      for (const model::ResourceId policy_id : configuration_.of_type("aws_organizations_policy")) {
        const model::Resource& policy = configuration_.resource(policy_id);
        const Value* type = value_at(*policy.body, "type");
        const Value* content = value_at(*policy.body, "content");
        const bool control = type == nullptr || (type->is_string() && type->text() == "SERVICE_CONTROL_POLICY");
        if (content != nullptr && control && refers_to(*which, policy) == Truth::kYes) {
          deny_in_account(account, policy, *content, attachment);
        }
      }
    }
  }

  void deny_in_account(const iam::Text& account, const model::Resource& policy, const Value& content,
                       const model::Resource& attachment) {
    iam::PolicyReading reading = iam::read_policy(content, options_);
    if (reading.complete != Truth::kYes || reading.documents.size() != 1) {
      return;
    }
    const auto denials = std::make_shared<iam::PolicyDocument>(std::move(reading.documents.front()));
    denials->open.reset();
    std::erase_if(denials->statements,
                  [](const iam::Statement& statement) { return statement.effect != iam::Effect::kDeny; });
    for (const auto& [resource, index] : out_.index_) {
      iam::EscalationPrincipal& limited = principal(index);
      if (resource->aws != attachment.aws && !account.segments().empty() && account_of(limited.arn) == account) {
        limited.policies.identity.push_back(
            {std::string(policy.address), denials, certainty(policy) & certainty(attachment)});
      }
    }
  }

  /// What stands between the fourth and the fifth colon of an ARN.
  static iam::Text account_of(const iam::Text& arn) {
    iam::Text out;
    int colons = 0;
    for (const iam::Segment& segment : arn.segments()) {
      if (segment.is_hole) {
        if (colons == 4) {
          out.append(*segment.hole);
        }
        continue;
      }
      for (const char c : segment.text) {
        if (c == ':') {
          ++colons;
        } else if (colons == 4) {
          out.append(std::string_view(&c, 1));
        }
      }
    }
    return out;
  }

  void add_workloads() {
    for (RoleUse& use : role_uses(configuration_, references_, options_)) {
      const std::vector<Match> found = principals("aws_iam_role", *use.role);
      const bool sure = std::ranges::any_of(found, [](const Match& match) { return match.sure == Truth::kYes; });
      for (const Match& match : found) {
        if (sure && match.sure != Truth::kYes) {
          continue;
        }
        iam::EscalationWorkload& made = out_.estate_.workloads.emplace_back();
        made.name = std::string(use.workload->address);
        made.actions = use.actions;
        made.arn = use.arn;
        made.reference = use.reference;
        made.role = match.index;
        made.has_role = match.sure & use.sure;
      }
    }
  }

  const model::Configuration& configuration_;
  const source::ArtifactStore& artifacts_;
  ReferenceIndex& references_;
  PolicyMemo& memo_;
  PolicyReadings& readings_;
  const iam::ReadOptions& options_;
  Permissions& out_;
  std::vector<const model::Resource*> resources_;  // by index, that of each principal
  std::vector<const model::Resource*> attached_;   // policies
  std::vector<const model::Resource*> stray_;      // inline policies of principals elsewhere, and policies
};

Permissions::Permissions(const model::Configuration& configuration, const source::ArtifactStore& artifacts,
                         ReferenceIndex& references, PolicyMemo& memo, PolicyReadings& readings,
                         const iam::ReadOptions& options)
    : configuration_(configuration), memo_(memo), readings_(readings) {
  PermissionsBuilder(configuration, artifacts, references, memo, readings, options, *this).build();
}

std::optional<std::size_t> Permissions::principal_of(const model::Resource& resource) const {
  const auto found = index_.find(&resource);
  return found == index_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<Value> Permissions::values(std::size_t index) const {
  std::vector<Value> out;
  for (const Given& given : given_[index]) {
    if (given.unwritten != nullptr) {
      write(given.unwritten);
    }
    out.push_back(given.value);
  }
  return out;
}

void Permissions::write(std::shared_ptr<const PolicyMemo::Managed> policy) const {
  const Value text = eval::make_string(configuration_.context().arena, policy->policy.document());
  readings_.add(text, {policy, &policy->reading});
  for (std::vector<Given>& of_principal : given_) {
    for (Given& given : of_principal) {
      if (given.unwritten == policy) {
        given = {text, nullptr};
      }
    }
  }
}

bool Permissions::certain(std::size_t index) const {
  const iam::EffectivePolicies& policies = estate_.principals[index].policies;
  return std::ranges::all_of(policies.identity,
                             [](const iam::AttachedPolicy& policy) { return policy.attached == Truth::kYes; });
}

const iam::Permission& Permissions::may(std::size_t index, const IamQuestion& question, const std::string& key) const {
  const auto [known, fresh] = asked_.try_emplace(std::to_string(index) + " " + key);
  if (fresh) {
    iam::Assumptions assumptions = question.assumptions;
    assumptions.answers = &memo_.answers();
    known->second = iam::may(estate_.principals[index].policies, question.formula, assumptions);
  }
  return known->second;
}

const iam::Escalations& Permissions::escalations(std::size_t index) const {
  if (escalations_.empty()) {
    escalations_ = iam::find_escalations(estate_, iam::kMaxEscalationQuestions, &memo_.answers());
  }
  return escalations_[index];
}

}  // namespace gabion::engine
