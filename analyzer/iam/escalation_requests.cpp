#include "iam/escalation_requests.h"

#include <algorithm>
#include <set>
#include <utility>

#include "iam/theory.h"

namespace gabion::iam {

Home home_of(const EscalationPrincipal& principal) {
  Home home;
  std::set<std::string> accounts;
  const auto look = [&](const Text& text) {
    // "arn:aws:iam::111122223333:role/x"; the account may be a hole.
    const std::string start = text.segments().empty() ? std::string() : text.segments().front().text;
    const std::size_t service = start.find(":iam::");
    if (!start.starts_with("arn:") || service == std::string::npos) {
      return;
    }
    const std::size_t end = start.find(':', service + 6);
    if (end == std::string::npos) {
      accounts.insert("a hole");
    } else if (const std::string account = start.substr(service + 6, end - service - 6); account.size() == 12) {
      accounts.insert(account);
    }
    if (const std::string partition = start.substr(4, service - 4); partition.starts_with("aws-")) {
      home.partition = partition;
    }
  };
  look(principal.arn);
  const bool known = accounts.size() == 1 && !accounts.contains("a hole");
  if (!known) {
    accounts.clear();
    for (const std::vector<AttachedPolicy>* list : {&principal.policies.identity, &principal.policies.boundary}) {
      for (const AttachedPolicy& policy : *list) {
        for (const Statement& statement : policy.document->statements) {
          std::ranges::for_each(statement.resources.items, look);
          std::ranges::for_each(statement.not_resources.items, look);
        }
      }
    }
  }
  if (accounts.size() == 1 && !accounts.contains("a hole")) {
    home.account = *accounts.begin();
  }
  return home;
}

std::string pattern_of(std::string_view format, std::string_view name, const Home& home) {
  std::string out;
  int colons = 0;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format.substr(i).starts_with("${")) {
      const std::string_view placeholder = format.substr(i);
      out += colons >= 5                               ? name
             : placeholder.starts_with("${Partition}") ? std::string_view(home.partition)
             : placeholder.starts_with("${Account}")   ? std::string_view(home.account)
                                                       : std::string_view("*");
      i = std::min(format.find('}', i), format.size() - 1);
    } else {
      colons += format[i] == ':' ? 1 : 0;
      out += format[i];
    }
  }
  return out;
}

Text at_home(const Text& arn, const Home& home) {
  Text out("arn:" + home.partition + ":iam::" + home.account + ":");
  int colons = 0;
  for (const Segment& segment : arn.segments()) {
    if (segment.is_hole) {
      if (colons >= 5) {
        out.append(*segment.hole);
      }
      continue;
    }
    std::string_view text = segment.text;
    for (; colons < 5 && !text.empty(); text.remove_prefix(1)) {
      colons += text.front() == ':' ? 1 : 0;
    }
    if (colons >= 5) {
      out.append(text);
    }
  }
  return colons >= 5 ? out : arn;
}

Formula resource_like(Text pattern) {
  Formula out;
  out.kind = FormulaKind::kResource;
  out.values = {std::move(pattern)};
  return out;
}

Formula resource_is(std::string_view text) {
  Formula out;
  out.kind = FormulaKind::kResourceIs;
  out.values = {Text(text)};
  return out;
}

Text name_in(const Text& arn) {
  Text out;
  for (const Segment& segment : arn.segments()) {
    if (segment.is_hole) {
      out.append(*segment.hole);
      continue;
    }
    const std::size_t slash = segment.text.rfind('/');
    if (slash != std::string::npos) {
      out = Text();
    }
    out.append(std::string_view(segment.text).substr(slash == std::string::npos ? 0 : slash + 1));
  }
  return out;
}

Formula key_is(std::string key, std::string_view value) {
  return Formula::test(FormulaKind::kIn, std::move(key), {Text(value)});
}

Formula caller_is(PrincipalType type) {
  Formula out;
  out.kind = FormulaKind::kPrincipal;
  out.principal.types = {type};
  return out;
}

StepAnswer::StepAnswer(Permission permission)
    : allowed(permission.allowed),
      policy(permission.policy),
      statement(permission.statement),
      holes(std::move(permission.holes)),
      because(std::move(permission.because)) {
  if (permission.witness) {
    resource = std::move(permission.witness->resource);
  }
}

std::optional<StepAnswer> granted(const Grant& grant, std::string_view action, const Text& pattern) {
  StepAnswer out;
  out.resource = pattern.known() ? example_resource(action, pattern) : std::nullopt;
  if (!out.resource) {
    return std::nullopt;
  }
  out.allowed = Truth::kYes;
  out.policy = grant.policy;
  out.statement = grant.statement;
  return out;
}

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::size_t blank = text.find(' ');
    out.push_back(text.substr(0, blank));
    text.remove_prefix(blank == std::string_view::npos ? text.size() : blank + 1);
  }
  return out;
}

std::string without_holes(std::string_view text) {
  std::string out;
  int depth = 0;
  for (const char c : text) {
    if (c == '{' && depth++ == 0) {
      out += '*';
    } else if (c == '}' && depth > 0) {
      --depth;
    } else if (depth == 0) {
      out += c;
    }
  }
  return out;
}

}  // namespace gabion::iam
