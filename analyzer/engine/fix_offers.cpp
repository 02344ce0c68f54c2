#include "engine/fix_offers.h"

#include <algorithm>
#include <set>

#include "engine/fix_edits.h"

namespace gabion::engine {
namespace {

/// Resources that are analysed again for the proofs of one report, all analyses together.
constexpr std::size_t kWork = 20'000;
constexpr std::size_t kFewestAnalyses = 4;
constexpr std::size_t kMostAnalyses = 16;

constexpr std::string_view kNotTried = "not tried; gabion fix does";

void leave_out_secrets(findings::Fix& fix, const source::TextGuard* guard) {
  if (guard != nullptr && std::any_of(fix.edits.begin(), fix.edits.end(),
                                      [&](const findings::Edit& edit) { return !guard->hidden(edit.text).empty(); })) {
    fix.edits.clear();
  }
}

void leave_out_guess(findings::Finding& finding) {
  if (finding.fix && finding.fix->guess && !finding.fix->edits.empty()) {
    finding.fix->edits.clear();
    finding.fix->title += " (" + std::string(kNotTried) + ")";
  }
}

}  // namespace

void leave_out_secrets(std::vector<findings::Finding>& shown, const source::ArtifactStore& artifacts) {
  for (findings::Finding& finding : shown) {
    if (finding.fix) {
      leave_out_secrets(*finding.fix, artifacts.guard());
    }
  }
}

void leave_out_guesses(std::vector<findings::Finding>& shown) {
  std::ranges::for_each(shown, leave_out_guess);
}

void leave_out_guesses(findings::PackedFindings& shown) {
  findings::Finding finding;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (shown.is_guess(i)) {
      shown.read(i, finding);
      leave_out_guess(finding);
      shown.replace(i, finding);
    }
  }
  shown.close();
}

source::Expected<AnalysisResult> OfferProver::analyze() {
  AnalysisRequest observed = request_;
  observed.observe = [&](const model::Configuration& configuration, std::string_view environment) {
    before_.picture.add(configuration, environment, artifacts_);
    if (request_.observe) {
      request_.observe(configuration, environment);
    }
  };
  auto result = engine::analyze(observed, artifacts_);
  if (result) {
    before_.result = *result;
    before_.faults = faults_of(before_.result, artifacts_);
  }
  return result;
}

std::size_t OfferProver::prove(std::vector<findings::Finding>& shown) {
  shown_ = &shown;
  const std::size_t size = std::max<std::size_t>(1, before_.result.coverage.resources);
  analyses_ = std::clamp(kWork / size, kFewestAnalyses, kMostAnalyses);
  std::vector<Offer> waiting;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const std::optional<findings::Fix>& fix = shown[i].fix;
    if (!fix || fix->edits.empty() || fix->safety == findings::Safety::kManual ||
        fix->proposal >= before_.result.proposals.size()) {
      continue;
    }
    const auto own =
        std::find_if(before_.result.findings.begin(), before_.result.findings.end(),
                     [&](const findings::Finding& one) { return one.fix && one.fix->proposal == fix->proposal; });
    if (own != before_.result.findings.end()) {
      waiting.push_back({i, {&*own, &before_.result.proposals[fix->proposal], 0}});
    }
  }
  while (!waiting.empty() && analyses_ > 0) {
    // As many as can be made together; the others are next.
    std::vector<Offer> together;
    std::vector<Offer> later;
    for (const Offer& offer : waiting) {
      const bool conflict = std::any_of(together.begin(), together.end(), [&](const Offer& other) {
        return other.fix.chosen().fix.edits != offer.fix.chosen().fix.edits &&
               in_conflict(other.fix.chosen().fix.edits, offer.fix.chosen().fix.edits);
      });
      (conflict ? later : together).push_back(offer);
    }
    std::vector<Offer> refused;
    prove_all(std::move(together), refused);
    for (Offer& offer : refused) {
      const std::vector<FixAlternative>& all = offer.fix.proposal->alternatives;
      const bool more =
          ++offer.fix.alternative < all.size() && all[offer.fix.alternative].fix.safety != findings::Safety::kManual;
      if (more) {
        later.push_back(offer);
      }
    }
    waiting = std::move(later);
  }
  for (const Offer& offer : waiting) {
    leave(offer);
  }
  return untried_;
}

void OfferProver::leave(const Offer& offer) {
  untried_ += (*shown_)[offer.shown].fix->edits.empty() ? 0 : 1;
  take_away(offer, std::string(kNotTried));
}

void OfferProver::keep(const Offer& offer) {
  findings::Fix& fix = *(*shown_)[offer.shown].fix;
  const std::uint32_t proposal = fix.proposal;
  fix = offer.fix.chosen().fix;
  fix.proposal = proposal;
  fix.title = source::shown(fix.title, artifacts_.guard());
  leave_out_secrets(fix, artifacts_.guard());
}

void OfferProver::take_away(const Offer& offer, const std::string& why) {
  findings::Fix& fix = *(*shown_)[offer.shown].fix;
  if (!fix.edits.empty()) {
    fix.edits.clear();
    fix.title += " (" + source::shown(why, artifacts_.guard()) + ")";
  }
}

void OfferProver::prove_all(std::vector<Offer> offers, std::vector<Offer>& refused) {
  struct Group {
    std::vector<Offer> offers;
    bool suspected = false;  ///< it is likely that one of them is to blame
  };
  std::vector<Group> groups;
  groups.push_back({std::move(offers), false});
  while (!groups.empty()) {
    Group group = std::move(groups.back());
    groups.pop_back();
    // What did not prove for one resource hardly proves for the next.
    std::erase_if(group.offers, [&](const Offer& offer) {
      const bool hopeless = group.suspected && hopeless_.contains(offer.fix.finding->rule->id);
      if (hopeless) {
        leave(offer);
      }
      return hopeless;
    });
    if (group.offers.empty()) {
      continue;
    }
    if (analyses_ == 0) {
      std::for_each(group.offers.begin(), group.offers.end(), [&](const Offer& offer) { leave(offer); });
      continue;
    }
    --analyses_;
    std::vector<ChosenFix> chosen;
    chosen.reserve(group.offers.size());
    for (const Offer& offer : group.offers) {
      chosen.push_back(offer.fix);
    }
    const auto after = analyze_fixed(request_, edited_texts(chosen, artifacts_), chosen);
    const std::optional<std::string> problem =
        after ? why_not_proved(before_, *after, chosen) : std::optional(after.error().message);
    if (!problem) {
      std::for_each(group.offers.begin(), group.offers.end(), [&](const Offer& offer) { keep(offer); });
      continue;
    }
    // Offers with the same edits (instances of one resource) stay together.
    const std::vector<findings::Edit>& first = group.offers.front().fix.chosen().fix.edits;
    const auto same = [&](const Offer& offer) { return offer.fix.chosen().fix.edits == first; };
    if (std::all_of(group.offers.begin(), group.offers.end(), same)) {
      for (const Offer& offer : group.offers) {
        take_away(offer, "not by itself: " + *problem);
        hopeless_.insert(offer.fix.finding->rule->id);
        refused.push_back(offer);
      }
      continue;
    }
    const std::set<std::string> to_blame =
        after ? resources_not_proved(before_, *after, chosen) : std::set<std::string>();
    const auto blamed = [&](const Offer& offer) { return to_blame.contains(offer.fix.finding->resource); };
    const auto some = std::count_if(group.offers.begin(), group.offers.end(), blamed);
    const bool apart = some > 0 && static_cast<std::size_t>(some) < group.offers.size();
    Group one{{}, apart || group.suspected};
    Group others{{}, group.suspected};
    for (std::size_t i = 0; i < group.offers.size(); ++i) {
      const Offer& offer = group.offers[i];
      const bool in_one = apart             ? blamed(offer)
                          : group.suspected ? same(offer)
                                            : same(offer) || i < group.offers.size() / 2;
      (in_one ? one : others).offers.push_back(offer);
    }
    if (others.offers.empty()) {
      others.offers.push_back(one.offers.back());
      one.offers.pop_back();
    }
    groups.push_back(std::move(others));
    groups.push_back(std::move(one));
  }
}

}  // namespace gabion::engine
