#include "engine/statement_trace.h"

#include <algorithm>
#include <string_view>

#include "engine/trace.h"

namespace gabion::engine {
namespace {

constexpr std::size_t kMostSteps = 6;

/// Calls `visit` with the texts that a statement is made of, besides its conditions.
template <class Visit>
void for_each_text(const iam::Statement& statement, const Visit& visit) {
  for (const iam::TextList* list :
       {&statement.actions, &statement.not_actions, &statement.resources, &statement.not_resources}) {
    std::ranges::for_each(list->items, visit);
  }
  std::ranges::for_each(statement.principals.identifiers, visit, &iam::Identifier::value);
  std::ranges::for_each(statement.not_principals.identifiers, visit, &iam::Identifier::value);
}

/// Did somebody give it: whoever calls the module or runs Terraform, or the default that stands for them?
bool is_given(const eval::Origin* origin) {
  constexpr int kMaxLinks = 64;
  for (int i = 0; origin != nullptr && i < kMaxLinks; ++i, origin = origin->via()) {
    switch (origin->kind) {
      case eval::OriginKind::kArgument:
      case eval::OriginKind::kVariableDefault:
      case eval::OriginKind::kVariablesFile:
      case eval::OriginKind::kOption:
      case eval::OriginKind::kEnvironment:
        return true;
      default:
        break;
    }
  }
  return false;
}

class StatementTrace {
 public:
  StatementTrace(source::Region place, Views& views, const source::ArtifactStore& artifacts,
                 std::vector<findings::TraceStep>& trace)
      : place_(place), views_(views), artifacts_(artifacts), trace_(trace) {}

  /// A view of a resource, or of a nested block.
  void look(const eval::Value& view) {
    for (const eval::Member& member : view.is_mapping() ? view.members() : std::span<const eval::Member>()) {
      if (member.value.is_sequence()) {
        for (const eval::Value& block : member.value.elements()) {
          look(block);
        }
      } else if (member.name.find("policy") != std::string_view::npos || member.name == "content") {
        read(member.value);
      }
    }
  }

 private:
  void read(const eval::Value& policy) {
    // A finding that points into a statement was found by reading the policy.
    const Views::Reading reading = views_.known_reading_of(policy);
    for (const iam::PolicyDocument& document :
         reading == nullptr ? std::span<const iam::PolicyDocument>() : std::span(reading->documents)) {
      for (const iam::Statement& statement : document.statements) {
        add(statement);
      }
    }
  }

  void add(const iam::Statement& statement) {
    bool here = statement.region.contains(place_);
    for_each_text(statement, [&](const iam::Text& text) { here = here || stands_here(text); });
    if (here) {
      for_each_text(statement, [&](const iam::Text& text) { add_way(text, statement); });
    }
  }

  [[nodiscard]] bool stands_here(const iam::Text& text) const {
    const eval::Origin* written = first_written(text.origin, artifacts_);
    return written != nullptr && written->region == place_;
  }

  /// The way of a text that somebody gave.
  void add_way(const iam::Text& text, const iam::Statement& statement) {
    if (!is_given(text.origin)) {
      return;
    }
    for (findings::TraceStep& step : trace_of(*text.origin, place_, artifacts_)) {
      const bool known =
          statement.region.contains(step.region) || std::ranges::any_of(trace_, [&](const findings::TraceStep& other) {
            return other.region == step.region && other.message == step.message;
          });
      if (!known && trace_.size() < kMostSteps) {
        trace_.push_back(std::move(step));
      }
    }
  }

  source::Region place_;
  Views& views_;
  const source::ArtifactStore& artifacts_;
  std::vector<findings::TraceStep>& trace_;
};

}  // namespace

void trace_statement(const model::Resource& resource, source::Region place, Views& views,
                     const source::ArtifactStore& artifacts, std::vector<findings::TraceStep>& trace) {
  StatementTrace(place, views, artifacts, trace).look(views.subject(resource));
}

}  // namespace gabion::engine
