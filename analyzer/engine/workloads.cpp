#include "engine/workloads.h"

#include <array>
#include <string>
#include <utility>

#include "engine/reference_index.h"
#include "engine/view.h"
#include "eval/evaluator.h"

namespace gabion::engine {
namespace {

using eval::Truth;
using eval::Value;

/// A resource that runs with a role: where it names it, what its ARN is, and with which actions those begin who take it
/// over (see iam/escalation_methods.h).
struct Workload {
  std::string_view type;
  std::string_view role;  ///< attribute, or block.attribute
  std::string_view name;  ///< attribute that ends the ARN; empty: an identifier that AWS makes
  std::string_view arn;   ///< what stands before the name
  std::string_view rest;  ///< and behind it
  std::span<const std::string_view> actions;
  bool by_profile = false;  ///< `role` names an instance profile
};

constexpr std::string_view kOnFunctions[] = {"lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration"};
constexpr std::string_view kOnInstances[] = {"ec2:ModifyInstanceAttribute", "ec2-instance-connect:SendSSHPublicKey",
                                             "ssm:StartSession", "ssm:SendCommand"};
constexpr std::string_view kOnTemplates[] = {"ec2:CreateLaunchTemplateVersion"};
constexpr std::string_view kOnProjects[] = {"codebuild:StartBuild", "codebuild:StartBuildBatch"};
constexpr std::string_view kOnNotebooks[] = {"sagemaker:CreatePresignedNotebookInstanceUrl",
                                             "sagemaker:StopNotebookInstance"};
constexpr std::string_view kOnEndpoints[] = {"glue:UpdateDevEndpoint"};
constexpr std::string_view kOnStacks[] = {"cloudformation:UpdateStack", "cloudformation:CreateChangeSet"};
constexpr std::string_view kOnServices[] = {"apprunner:UpdateService"};
constexpr std::string_view kOnStateMachines[] = {"states:UpdateStateMachine"};
constexpr std::string_view kOnClusters[] = {"eks:CreateAccessEntry"};
constexpr std::string_view kOnTasks[] = {"ecs:ExecuteCommand"};

constexpr std::array<Workload, 12> kWorkloads = {{
    {"aws_lambda_function", "role", "function_name", "arn:*:lambda:*:*:function:", "", kOnFunctions},
    {"aws_instance", "iam_instance_profile", "", "arn:*:ec2:*:*:instance/", "", kOnInstances, true},
    {"aws_launch_template", "iam_instance_profile.name", "", "arn:*:ec2:*:*:launch-template/", "", kOnTemplates, true},
    {"aws_launch_template", "iam_instance_profile.arn", "", "arn:*:ec2:*:*:launch-template/", "", kOnTemplates, true},
    {"aws_codebuild_project", "service_role", "name", "arn:*:codebuild:*:*:project/", "", kOnProjects},
    {"aws_sagemaker_notebook_instance", "role_arn", "name", "arn:*:sagemaker:*:*:notebook-instance/", "", kOnNotebooks},
    {"aws_glue_dev_endpoint", "role_arn", "name", "arn:*:glue:*:*:devEndpoint/", "", kOnEndpoints},
    {"aws_cloudformation_stack", "iam_role_arn", "name", "arn:*:cloudformation:*:*:stack/", "/*", kOnStacks},
    {"aws_apprunner_service", "instance_configuration.instance_role_arn", "service_name",
     "arn:*:apprunner:*:*:service/", "/*", kOnServices},
    {"aws_sfn_state_machine", "role_arn", "name", "arn:*:states:*:*:stateMachine:", "", kOnStateMachines},
    // The nodes of a group are instances of their own.
    {"aws_eks_node_group", "node_role_arn", "", "arn:*:ec2:*:*:instance/", "", kOnInstances},
    {"aws_eks_pod_identity_association", "role_arn", "cluster_name", "arn:*:eks:*:*:cluster/", "", kOnClusters},
}};

/// Finds them in one configuration.
class RoleUses {
 public:
  RoleUses(const model::Configuration& configuration, ReferenceIndex& references, const iam::ReadOptions& reading)
      : configuration_(configuration), references_(references), reading_(reading) {}

  std::vector<RoleUse> run() {
    for (const Workload& workload : kWorkloads) {
      add(workload);
    }
    add_tasks();
    return std::move(out_);
  }

 private:
  void add(const Workload& about) {
    for (const model::ResourceId id : configuration_.of_type(about.type)) {
      const model::Resource& resource = configuration_.resource(id);
      const Value* role = value_at(*resource.body, about.role);
      const Value* name = about.name.empty() ? nullptr : value_at(*resource.body, about.name);
      if (role == nullptr || (name == nullptr && !about.name.empty())) {
        continue;
      }
      RoleUse use{.workload = &resource,
                  .role = role,
                  .sure = certainty(resource),
                  .arn = iam::Text(about.arn),
                  .reference = seen(resource, "arn"),
                  .actions = about.actions};
      use.arn.append(name != nullptr ? iam::read_text(*name, reading_) : seen(resource, "id"));
      use.arn.append(about.rest);
      if (about.by_profile) {
        add_by_profile(use);
      } else {
        out_.push_back(std::move(use));
      }
    }
  }

  /// The role is that of an instance profile.
  void add_by_profile(const RoleUse& use) {
    for (const model::ResourceId id : references_.candidates("aws_iam_instance_profile", *use.role)) {
      const model::Resource& profile = configuration_.resource(id);
      const Value* role = value_at(*profile.body, "role");
      const Truth meant = refers_to(*use.role, profile);
      if (role != nullptr && meant != Truth::kNo) {
        RoleUse& made = out_.emplace_back(use);
        made.role = role;
        made.sure = use.sure & meant & certainty(profile);
      }
    }
  }

  /// Tasks of services into which a shell can be opened.
  void add_tasks() {
    for (const model::ResourceId id : configuration_.of_type("aws_ecs_service")) {
      const model::Resource& service = configuration_.resource(id);
      const Value* shell = value_at(*service.body, "enable_execute_command");
      const Value* definition = value_at(*service.body, "task_definition");
      if (shell == nullptr || !shell->is_bool() || !shell->boolean() || definition == nullptr) {
        continue;
      }
      for (const model::ResourceId task_id : references_.candidates("aws_ecs_task_definition", *definition)) {
        const model::Resource& task = configuration_.resource(task_id);
        const Value* role = value_at(*task.body, "task_role_arn");
        const Truth meant = refers_to(*definition, task);
        if (role == nullptr || meant == Truth::kNo) {
          continue;
        }
        RoleUse& made = out_.emplace_back(RoleUse{.workload = &service,
                                                  .role = role,
                                                  .sure = certainty(service) & meant,
                                                  .arn = iam::Text("arn:*:ecs:*:*:task/"),
                                                  .reference = {},
                                                  .actions = kOnTasks});
        made.arn.append(cluster_of(service));
        made.arn.append("/");
        made.arn.append(task_of(service));
      }
    }
  }

  [[nodiscard]] iam::Text cluster_of(const model::Resource& service) {
    const Value* cluster = value_at(*service.body, "cluster");
    if (cluster == nullptr) {
      return iam::Text("default");
    }
    for (const model::ResourceId id : references_.candidates("aws_ecs_cluster", *cluster)) {
      const model::Resource& candidate = configuration_.resource(id);
      const Value* name = value_at(*candidate.body, "name");
      if (name != nullptr && refers_to(*cluster, candidate) == Truth::kYes) {
        return iam::read_text(*name, reading_);
      }
    }
    return cluster->is_string() && cluster->text().find(':') == std::string_view::npos
               ? iam::Text(cluster->text())
               : iam::read_text(*cluster, reading_);
  }

  /// A task of a service: AWS makes its identifier.
  static iam::Text task_of(const model::Resource& service) {
    iam::Hole hole;
    hole.name = "task of " + std::string(service.address);
    hole.literal = true;
    return iam::Text(std::move(hole));
  }

  /// A computed attribute as other expressions see it.
  [[nodiscard]] iam::Text seen(const model::Resource& resource, std::string_view attribute) const {
    const Value* written = value_at(*resource.body, attribute);
    if (written != nullptr) {
      return iam::read_text(*written, reading_);
    }
    eval::Context context = configuration_.context();
    return iam::read_text(eval::computed_attribute(*resource.symbol, attribute, context), reading_);
  }

  const model::Configuration& configuration_;
  ReferenceIndex& references_;
  const iam::ReadOptions& reading_;
  std::vector<RoleUse> out_;
};

}  // namespace

const Value* value_at(const model::Body& body, std::string_view path) {
  const std::size_t dot = path.find('.');
  if (dot == std::string_view::npos) {
    const model::Attribute* found = body.attribute(path);
    return found == nullptr || found->value.is_null() ? nullptr : &found->value;
  }
  for (const model::Block& block : body.blocks) {
    if (block.type == path.substr(0, dot) && block.body != nullptr && block.certain) {
      return value_at(*block.body, path.substr(dot + 1));
    }
  }
  return nullptr;
}

Truth certainty(const model::Resource& resource) {
  return resource.certain ? Truth::kYes : Truth::kUnknown;
}

std::vector<RoleUse> role_uses(const model::Configuration& configuration, ReferenceIndex& references,
                               const iam::ReadOptions& reading) {
  return RoleUses(configuration, references, reading).run();
}

}  // namespace gabion::engine
