#include "cli/catalogue.h"

#include <algorithm>
#include <array>
#include <utility>

namespace gabion::cli {
namespace {

/// "# section | themes", then "id | what it asks that | rules"; without rules it is held by the rule of its name. A
/// line that starts with spaces goes on with the rules of the line before.
constexpr std::string_view kCatalogue = R"(# KMS keys | GT
aws-kms-key-rotation | symmetric keys rotate
aws-kms-key-deletion-window | time to notice a deletion
aws-kms-key-alias | keys have names
aws-kms-policy-public | nobody outside the account uses a key
aws-kms-policy-service-actions | services encrypt and decrypt, no more
aws-kms-policy-admin-lockout | somebody can repair the policy
aws-kms-policy-confused-deputy | services act for the own account
# Roles and trust | GAE
aws-iam-trust-mfa | people assume roles with MFA
aws-iam-trust-mfa-impossible | MFA is asked of those who can have it
aws-iam-trust-automation | pipelines are machines
aws-iam-trust-wildcard | no role for everybody
aws-iam-trust-external-id | vendors name an external id
aws-iam-trust-service-principal | policy and service belong together
aws-iam-trust-saml | identity providers use their own actions
aws-iam-trust-oidc-subject | tokens are for one subject and audience | aws-iam-trust-oidc-subject
  aws-iam-trust-github-subject aws-iam-trust-oidc-audience aws-iam-trust-oidc-organisation
aws-iam-trust-pod-identity | pods can take and tag a session
aws-eks-node-role-policies | nodes carry what nodes need | aws-eks-node-role-policies aws-eks-node-group-ssh
# Users, groups and policies | GATB
aws-iam-user-direct-policy | rights belong to groups and roles
aws-iam-group-mfa | people work with MFA
aws-iam-password-policy | passwords are long and new | aws-iam-password-policy aws-iam-password-policy-length
  aws-iam-password-policy-reuse aws-iam-password-policy-expiry aws-iam-password-policy-lowercase
  aws-iam-password-policy-uppercase aws-iam-password-policy-numbers aws-iam-password-policy-symbols
  aws-iam-password-policy-change
aws-iam-access-key | no long-lived keys | aws-iam-access-key aws-iam-root-access-key
aws-iam-login-profile-pgp | first passwords are sealed and changed | aws-iam-login-profile-pgp
  aws-iam-login-profile-reset
aws-iam-policy-admin | no administration in disguise | aws-iam-policy-admin aws-iam-policy-iam-full
  aws-iam-policy-action-wildcard aws-iam-administrator-access aws-iam-full-access
aws-iam-policy-service-wildcard | no whole service on everything
aws-iam-policy-resource-scope | actions name their resources
aws-iam-policy-resource-mismatch | actions and resources fit
aws-iam-policy-unknown-action | actions exist
aws-iam-policy-invalid | policies are well-formed | aws-iam-policy-valid
aws-iam-privilege-escalation | nobody can give themselves more
aws-iam-passrole-scope | roles are passed by name
aws-iam-assume-role-scope | roles are assumed by name
# Images | G
aws-ecr-pull-least-privilege | pulls reach approved repositories
aws-ecr-no-push | nodes do not push
aws-ecr-repository-policy-public | repositories are for named accounts
aws-ecr-repository-hardening | tags stay, images are scanned and encrypted | aws-ecr-repository-immutable-tags
  aws-ecr-repository-scan-on-push aws-ecr-repository-encryption aws-ecr-repository-customer-key
# Audit trail | GAB
aws-cloudtrail-multi-region | all Regions are recorded
aws-cloudtrail-global-events | global services are recorded
aws-cloudtrail-enabled | the trail logs
aws-cloudtrail-log-validation | changes of logs are noticed
aws-cloudtrail-kms | logs are under a key that works
aws-cloudtrail-event-selectors | nothing is left out | aws-cloudtrail-event-selectors
  aws-cloudtrail-object-writes aws-cloudtrail-object-reads
aws-cloudtrail-bucket-hardening | logs cannot be lost or published | aws-cloudtrail-bucket-hardening
  aws-cloudtrail-bucket-public aws-cloudtrail-bucket-logging
aws-cloudtrail-bucket-policy | only the own trail writes
aws-cloudtrail-alarm | somebody is told when it stops | aws-cloudtrail-alarm aws-cloudtrail-cloudwatch-logs
# Buckets and Terraform state | GTB
aws-s3-deny-unencrypted-put | uploads are encrypted
aws-s3-deny-insecure-transport | requests use TLS
aws-s3-default-encryption | KMS by default | aws-s3-default-encryption aws-s3-default-encryption-key
aws-s3-versioning | old versions are kept | aws-s3-versioning aws-s3-mfa-delete
aws-s3-public-access-block | public access is blocked | aws-s3-public-access-block aws-s3-public-access-block-acls
  aws-s3-public-access-block-policy aws-s3-public-access-block-ignored-acls aws-s3-public-access-block-restricted
aws-s3-public | no ACL or policy publishes a bucket | aws-s3-public-acl aws-s3-public-acl-write
  aws-s3-acl-authenticated-users aws-s3-public-read aws-s3-public-write aws-s3-object-public-acl
aws-s3-logging | access is logged
terraform-backend-encrypt | the backend encrypts
terraform-backend-kms-arn | its key is named by ARN
terraform-backend-lock | the state is locked
terraform-backend-unique-key | every root module has a state of its own
terraform-backend-credentials | no keys in provider or backend blocks
terraform-state-committed | no state in the repository
terraform-state-policy | policies reach one state
terraform-provider-account-guard | providers know their account
terraform-provider-assume-role-syntax | assume_role is a block
terraform-version-pins | versions are demanded | terraform-version-pins terraform-module-pins
terraform-secret-literal | no secrets in the code | terraform-secret-literal terraform-secret-variable
# Accounts | AB
aws-guardduty-enabled | GuardDuty is on and heard | aws-guardduty-enabled aws-guardduty-notifications
aws-guardduty-all-regions | in every Region
aws-config-recorder | everything is recorded and delivered | aws-config-recorder aws-config-recorder-enabled
  aws-config-aggregator-all-regions
aws-organizations-scp | service control policies are valid and leave a way | aws-organizations-scp
  aws-organizations-all-features
aws-organizations-role-mfa | the role that AWS makes gets MFA
tags-required | resources have the agreed tags
# Clusters, databases, instances | GAE
aws-eks-authentication-mode | users come from access entries
aws-eks-access-admin-scope | administrators of clusters are named
aws-eks-access-namespace-wildcard | namespaces are named
aws-eks-system-masters | nobody is above the rules of the cluster
aws-eks-pod-identity-literal | service accounts are named
aws-eks-pod-identity-agent | pods find their credentials
aws-eks-secrets-encryption | secrets are under a key
aws-eks-control-plane-logs | the control plane logs
aws-eks-endpoint-public | the API is not open to everybody | aws-eks-endpoint-public aws-eks-endpoint-private
aws-rds-encryption | databases are encrypted | aws-rds-encryption aws-rds-encryption-key
aws-rds-enhanced-monitoring | databases are monitored | aws-rds-enhanced-monitoring aws-rds-enhanced-monitoring-role
aws-rds-iam-auth | databases know IAM
aws-ec2-imdsv2 | metadata needs a token
aws-ec2-ssh-open | SSH is for named networks
aws-ec2-admin-port-open | so is remote administration
aws-ec2-instance-profile | instances have roles
aws-ebs-encryption | disks are encrypted | aws-ebs-encryption aws-ebs-encryption-key aws-ebs-encryption-by-default
  aws-ec2-block-device-encryption
# Network Firewall | B
aws-networkfirewall-allowlist | lists name what is allowed
aws-networkfirewall-allowlist-approved | and only what is approved
aws-networkfirewall-default-drop | the rest is dropped
aws-networkfirewall-suricata | Suricata rules let nothing past
aws-networkfirewall-logging | what is blocked is logged
aws-networkfirewall-attached | rules are in use
aws-networkfirewall-routing | nothing goes around the firewall
# Queues, topics and secrets | B
aws-resource-policy-public | queues, topics and secrets are for named accounts | aws-sqs-queue-policy-public
  aws-sns-topic-policy-public aws-secretsmanager-policy-public
# Pipelines, functions, Cloudflare | B
aws-sfn-logging | state machines log
aws-cloudwatch-log-group | logs end and are encrypted | aws-cloudwatch-log-group-retention
  aws-cloudwatch-log-group-kms
aws-sfn-role-least-privilege | their roles do what they do
aws-lambda-hardening | functions are current, logged, traced and hold no secret | aws-lambda-runtime
  aws-lambda-log-group aws-lambda-tracing aws-lambda-environment-secret
aws-cloudwatch-alarm-period | alarms look often enough
aws-codebuild | builds are encrypted and hold no secret | aws-codebuild-artifact-encryption
  aws-codebuild-encryption-key aws-codebuild-plaintext-secret
aws-codepipeline | so are pipelines | aws-codepipeline-artifact-encryption
cloudflare-origin-pulls | origins answer Cloudflare only
cloudflare-access-policy | machines send a service token
cloudflare-token-literal | tokens come from variables
)";

constexpr std::array<Theme, 5> kThemes = {{
    {'G', "Global resources",
     "Keys, roles of clusters, the audit trail, images and the state of Terraform, set up once for an account."},
    {'A', "Accounts", "Accounts of an organisation, people and their MFA, audit, AWS Config and GuardDuty."},
    {'T', "Remote state", "The encrypted state of Terraform for several accounts."},
    {'B', "Building and running",
     "Pipelines, workflows, firewalls by server name, Cloudflare and continuous compliance."},
    {'E', "Access to clusters", "Access entries and pod identities of EKS."},
}};

/// What comes before the separator, without the spaces around it; the rest stays.
std::string_view cut(std::string_view& text, char separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  while (!part.empty() && part.front() == ' ') {
    part.remove_prefix(1);
  }
  while (!part.empty() && part.back() == ' ') {
    part.remove_suffix(1);
  }
  return part;
}

void add_rules(Guardrail& guardrail, std::string_view ids) {
  while (!ids.empty()) {
    if (const std::string_view id = cut(ids, ' '); !id.empty()) {
      guardrail.rules.push_back(id);
    }
  }
}

}  // namespace

std::vector<Guardrail> guardrails() {
  std::vector<Guardrail> result;
  std::string_view section;
  std::string_view themes;
  for (std::string_view rest = kCatalogue; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.starts_with("# ")) {
      line.remove_prefix(2);
      section = cut(line, '|');
      themes = cut(line, '|');
    } else if (line.starts_with(" ") && !result.empty()) {
      add_rules(result.back(), line);
    } else if (!line.empty()) {
      Guardrail guardrail{
          .section = section, .themes = themes, .id = cut(line, '|'), .asks = cut(line, '|'), .rules = {}};
      add_rules(guardrail, line.empty() ? guardrail.id : line);
      result.push_back(std::move(guardrail));
    }
  }
  return result;
}

std::span<const Theme> themes() {
  return kThemes;
}

}  // namespace gabion::cli
