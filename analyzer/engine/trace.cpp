#include "engine/trace.h"

#include <string>

namespace gabion::engine {
namespace {

constexpr int kMaxLinks = 64;

bool written(const eval::Origin& origin, const source::ArtifactStore& artifacts) {
  return origin.region.valid() && artifacts.get(origin.region.artifact).role() != source::Role::kInternal;
}

/// The text at a region, on one line and not too long.
std::string excerpt(source::Region region, const source::ArtifactStore& artifacts) {
  constexpr std::size_t kMaxLength = 60;
  std::string_view text = artifacts.text(region);
  std::string result;
  for (const char c : text.substr(0, text.find('\n'))) {
    result += c == '\t' || c == '\r' ? ' ' : c;
  }
  if (result.size() > kMaxLength || text.find('\n') != std::string_view::npos) {
    result.resize(std::min(result.size(), kMaxLength));
    // Not in the middle of a character.
    while (!result.empty() && (static_cast<unsigned char>(result.back()) & 0xC0U) == 0x80U) {
      result.pop_back();
    }
    result += " ...";
  }
  return result;
}

std::string message(const eval::Origin& origin, const source::ArtifactStore& artifacts) {
  // What the command line or the environment says stands in no file.
  const std::string text = origin.region.valid() ? excerpt(origin.region, artifacts) : std::string();
  const std::string name(origin.name());
  switch (origin.kind) {
    case eval::OriginKind::kVariableDefault:
      return "default of " + (name.empty() ? "a variable" : name) + " is " + text;
    case eval::OriginKind::kVariablesFile:
      return (name.empty() ? "" : name + " ") + std::string("set here: ") + text;
    case eval::OriginKind::kArgument:
      return (name.empty() ? text : name + " = " + text) + " given here";
    case eval::OriginKind::kReference:
      return "taken from " + (name.empty() ? text : name);
    case eval::OriginKind::kIteration:
      return (name.empty() ? "an element" : name) + " comes from " + text;
    case eval::OriginKind::kOption:
      return name + " set on the command line";
    case eval::OriginKind::kEnvironment:
      return name + " set in the environment";
    case eval::OriginKind::kExpression:
    case eval::OriginKind::kComputed:
      return "written here: " + text;
  }
  return text;
}

}  // namespace

const eval::Origin* first_written(const eval::Origin* origin, const source::ArtifactStore& artifacts) {
  for (int i = 0; origin != nullptr && i < kMaxLinks; ++i, origin = origin->via()) {
    if (written(*origin, artifacts)) {
      return origin;
    }
  }
  return nullptr;
}

const eval::Origin* last_written(const eval::Origin* origin, const source::ArtifactStore& artifacts) {
  const eval::Origin* last = nullptr;
  for (int i = 0; origin != nullptr && i < kMaxLinks; ++i, origin = origin->via()) {
    if (written(*origin, artifacts)) {
      last = origin;
    }
  }
  return last;
}

std::vector<findings::TraceStep> trace_of(const eval::Origin& origin, source::Region place,
                                          const source::ArtifactStore& artifacts) {
  std::vector<findings::TraceStep> steps;
  source::Region last = place;
  const eval::Origin* link = &origin;
  for (int i = 0; link != nullptr && i < kMaxLinks; ++i, link = link->via()) {
    if (link->kind == eval::OriginKind::kOption || link->kind == eval::OriginKind::kEnvironment) {
      steps.push_back({{}, message(*link, artifacts)});
      continue;
    }
    if (!written(*link, artifacts) || last.contains(link->region)) {
      continue;
    }
    // A wider link around the previous one (the block around an attribute) says nothing new.
    if (link->region.contains(last)) {
      continue;
    }
    steps.push_back({link->region, message(*link, artifacts)});
    last = link->region;
  }
  return steps;
}

}  // namespace gabion::engine
