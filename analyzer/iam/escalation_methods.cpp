#include "iam/escalation_methods.h"

#include <array>

namespace gabion::iam {
namespace {

using Target = EscalationTarget;

constexpr EscalationStep kIamCreatePolicyVersion[] = {{"iam:CreatePolicyVersion", Target::kOwnPolicy}};
constexpr EscalationStep kIamSetDefaultPolicyVersion[] = {{"iam:SetDefaultPolicyVersion", Target::kOwnPolicy}};
constexpr EscalationStep kIamAttachUserPolicy[] = {{"iam:AttachUserPolicy", Target::kSelf}};
constexpr EscalationStep kIamAttachRolePolicy[] = {{"iam:AttachRolePolicy", Target::kSelf}};
constexpr EscalationStep kIamAttachGroupPolicy[] = {{"iam:AttachGroupPolicy", Target::kOwnGroup}};
constexpr EscalationStep kIamPutUserPolicy[] = {{"iam:PutUserPolicy", Target::kSelf}};
constexpr EscalationStep kIamPutRolePolicy[] = {{"iam:PutRolePolicy", Target::kSelf}};
constexpr EscalationStep kIamPutGroupPolicy[] = {{"iam:PutGroupPolicy", Target::kOwnGroup}};
constexpr EscalationStep kIamAddUserToGroup[] = {{"iam:AddUserToGroup", Target::kGroup}};
constexpr EscalationStep kIamDeleteUserBoundary[] = {{"iam:DeleteUserPermissionsBoundary", Target::kSelf}};
constexpr EscalationStep kIamDeleteRoleBoundary[] = {{"iam:DeleteRolePermissionsBoundary", Target::kSelf}};
constexpr EscalationStep kIamPutUserBoundary[] = {{"iam:PutUserPermissionsBoundary", Target::kSelf}};
constexpr EscalationStep kIamPutRoleBoundary[] = {{"iam:PutRolePermissionsBoundary", Target::kSelf}};
constexpr EscalationStep kIamCreateAccessKey[] = {{"iam:CreateAccessKey", Target::kUser}};
constexpr EscalationStep kIamCreateLoginProfile[] = {{"iam:CreateLoginProfile", Target::kUser}};
constexpr EscalationStep kIamUpdateLoginProfile[] = {{"iam:UpdateLoginProfile", Target::kUser}};
constexpr EscalationStep kIamUpdateAssumeRolePolicy[] = {{"iam:UpdateAssumeRolePolicy", Target::kRole}};
constexpr EscalationStep kStsAssumeRole[] = {{"sts:AssumeRole", Target::kTrustingRole}};
constexpr EscalationStep kIamAttachUserPolicyCreateAccessKey[] = {{"iam:AttachUserPolicy", Target::kAnyUser},
                                                                  {"iam:CreateAccessKey", Target::kAnyUser}};
constexpr EscalationStep kIamPutUserPolicyCreateAccessKey[] = {{"iam:PutUserPolicy", Target::kAnyUser},
                                                               {"iam:CreateAccessKey", Target::kAnyUser}};
constexpr EscalationStep kIamAttachRolePolicyAssumeRole[] = {{"iam:AttachRolePolicy", Target::kAssumableRole},
                                                             {"sts:AssumeRole", Target::kAssumableRole}};
constexpr EscalationStep kIamPutRolePolicyAssumeRole[] = {{"iam:PutRolePolicy", Target::kAssumableRole},
                                                          {"sts:AssumeRole", Target::kAssumableRole}};
constexpr EscalationStep kIamCreatePolicyVersionAssumeRole[] = {{"iam:CreatePolicyVersion", Target::kPolicyOfRole},
                                                                {"sts:AssumeRole", Target::kAssumableRole}};
constexpr EscalationStep kIamAttachRolePolicyUpdateTrust[] = {{"iam:AttachRolePolicy", Target::kAnyRole},
                                                              {"iam:UpdateAssumeRolePolicy", Target::kAnyRole}};
constexpr EscalationStep kIamPutRolePolicyUpdateTrust[] = {{"iam:PutRolePolicy", Target::kAnyRole},
                                                           {"iam:UpdateAssumeRolePolicy", Target::kAnyRole}};
constexpr EscalationStep kIamCreatePolicyVersionUpdateTrust[] = {{"iam:CreatePolicyVersion", Target::kPolicyOfRole},
                                                                 {"iam:UpdateAssumeRolePolicy", Target::kAnyRole}};
constexpr EscalationStep kIamCreateRoleAttachPolicy[] = {{"iam:CreateRole", Target::kNew},
                                                         {"iam:AttachRolePolicy", Target::kNew}};
constexpr EscalationStep kIamCreateRolePutPolicy[] = {{"iam:CreateRole", Target::kNew},
                                                      {"iam:PutRolePolicy", Target::kNew}};
constexpr EscalationStep kSsoPutInlinePolicy[] = {
    {"sso:PutInlinePolicyToPermissionSet", Target::kExisting, "PermissionSet"},
    {"sso:ProvisionPermissionSet", Target::kExisting, "PermissionSet"}};
constexpr EscalationStep kSsoAttachManagedPolicy[] = {
    {"sso:AttachManagedPolicyToPermissionSet", Target::kExisting, "PermissionSet"},
    {"sso:ProvisionPermissionSet", Target::kExisting, "PermissionSet"}};
constexpr EscalationStep kSsoCreateAccountAssignment[] = {
    {"sso:CreateAccountAssignment", Target::kExisting, "PermissionSet"}};
constexpr EscalationStep kLambdaCreateInvoke[] = {{"iam:PassRole", Target::kPassedRole},
                                                  {"lambda:CreateFunction", Target::kNew},
                                                  {"lambda:InvokeFunction", Target::kNew}};
constexpr EscalationStep kLambdaCreatePermission[] = {{"iam:PassRole", Target::kPassedRole},
                                                      {"lambda:CreateFunction", Target::kNew},
                                                      {"lambda:AddPermission", Target::kNew}};
constexpr EscalationStep kLambdaCreateEventSource[] = {{"iam:PassRole", Target::kPassedRole},
                                                       {"lambda:CreateFunction", Target::kNew},
                                                       {"lambda:CreateEventSourceMapping", Target::kNew}};
constexpr EscalationStep kEc2RunInstances[] = {{"iam:PassRole", Target::kPassedRole},
                                               {"ec2:RunInstances", Target::kNew}};
constexpr EscalationStep kEc2RequestSpotInstances[] = {
    {"iam:PassRole", Target::kPassedRole}, {"ec2:RequestSpotInstances", Target::kNew, "spot-instances-request"}};
constexpr EscalationStep kEc2AssociateInstanceProfile[] = {{"iam:PassRole", Target::kPassedRole},
                                                           {"ec2:AssociateIamInstanceProfile", Target::kExisting}};
constexpr EscalationStep kEc2ReplaceInstanceProfile[] = {
    {"iam:PassRole", Target::kPassedRole}, {"ec2:ReplaceIamInstanceProfileAssociation", Target::kExisting}};
constexpr EscalationStep kIamAddRoleToInstanceProfile[] = {{"iam:PassRole", Target::kPassedRole},
                                                           {"iam:AddRoleToInstanceProfile", Target::kExisting}};
constexpr EscalationStep kAutoscalingCreateGroup[] = {{"iam:PassRole", Target::kPassedRole},
                                                      {"autoscaling:CreateLaunchConfiguration", Target::kNew},
                                                      {"autoscaling:CreateAutoScalingGroup", Target::kNew}};
constexpr EscalationStep kCloudformationCreateStack[] = {{"iam:PassRole", Target::kPassedRole},
                                                         {"cloudformation:CreateStack", Target::kNew}};
constexpr EscalationStep kCloudformationCreateStackSet[] = {{"iam:PassRole", Target::kPassedRole},
                                                            {"cloudformation:CreateStackSet", Target::kNew},
                                                            {"cloudformation:CreateStackInstances", Target::kNew}};
constexpr EscalationStep kCloudformationUpdateStackSet[] = {{"iam:PassRole", Target::kPassedRole},
                                                            {"cloudformation:UpdateStackSet", Target::kExisting}};
constexpr EscalationStep kCodebuildCreateStart[] = {{"iam:PassRole", Target::kPassedRole},
                                                    {"codebuild:CreateProject", Target::kNew},
                                                    {"codebuild:StartBuild", Target::kNew}};
constexpr EscalationStep kCodebuildCreateStartBatch[] = {{"iam:PassRole", Target::kPassedRole},
                                                         {"codebuild:CreateProject", Target::kNew},
                                                         {"codebuild:StartBuildBatch", Target::kNew}};
constexpr EscalationStep kDatapipelineCreate[] = {{"iam:PassRole", Target::kPassedRole},
                                                  {"datapipeline:CreatePipeline", Target::kNew},
                                                  {"datapipeline:PutPipelineDefinition", Target::kNew},
                                                  {"datapipeline:ActivatePipeline", Target::kNew}};
constexpr EscalationStep kEcsRunTask[] = {
    {"iam:PassRole", Target::kPassedRole}, {"ecs:RegisterTaskDefinition", Target::kNew}, {"ecs:RunTask", Target::kNew}};
constexpr EscalationStep kEcsCreateService[] = {{"iam:PassRole", Target::kPassedRole},
                                                {"ecs:RegisterTaskDefinition", Target::kNew},
                                                {"ecs:CreateService", Target::kNew}};
constexpr EscalationStep kEcsStartTask[] = {{"iam:PassRole", Target::kPassedRole},
                                            {"ecs:RegisterTaskDefinition", Target::kNew},
                                            {"ecs:StartTask", Target::kNew}};
constexpr EscalationStep kBatchSubmitJob[] = {{"iam:PassRole", Target::kPassedRole},
                                              {"batch:RegisterJobDefinition", Target::kNew},
                                              {"batch:SubmitJob", Target::kNew, "job-definition"}};
constexpr EscalationStep kGlueCreateDevEndpoint[] = {{"iam:PassRole", Target::kPassedRole},
                                                     {"glue:CreateDevEndpoint", Target::kNew}};
constexpr EscalationStep kGlueCreateSession[] = {
    {"iam:PassRole", Target::kPassedRole}, {"glue:CreateSession", Target::kNew}, {"glue:RunStatement", Target::kNew}};
constexpr EscalationStep kGlueCreateJobRun[] = {
    {"iam:PassRole", Target::kPassedRole}, {"glue:CreateJob", Target::kNew}, {"glue:StartJobRun", Target::kNew}};
constexpr EscalationStep kGlueCreateJobTrigger[] = {
    {"iam:PassRole", Target::kPassedRole}, {"glue:CreateJob", Target::kNew}, {"glue:CreateTrigger", Target::kNew}};
constexpr EscalationStep kGlueUpdateJobRun[] = {{"iam:PassRole", Target::kPassedRole},
                                                {"glue:UpdateJob", Target::kExisting},
                                                {"glue:StartJobRun", Target::kExisting}};
constexpr EscalationStep kGlueUpdateJobTrigger[] = {
    {"iam:PassRole", Target::kPassedRole}, {"glue:UpdateJob", Target::kExisting}, {"glue:CreateTrigger", Target::kNew}};
constexpr EscalationStep kEmrRunJobFlow[] = {{"iam:PassRole", Target::kPassedRole},
                                             {"elasticmapreduce:RunJobFlow", Target::kNew}};
constexpr EscalationStep kEmrServerlessRunJob[] = {{"iam:PassRole", Target::kPassedRole},
                                                   {"emr-serverless:CreateApplication", Target::kNew},
                                                   {"emr-serverless:StartJobRun", Target::kNew}};
constexpr EscalationStep kSagemakerCreateNotebook[] = {{"iam:PassRole", Target::kPassedRole},
                                                       {"sagemaker:CreateNotebookInstance", Target::kNew}};
constexpr EscalationStep kSagemakerCreateTrainingJob[] = {{"iam:PassRole", Target::kPassedRole},
                                                          {"sagemaker:CreateTrainingJob", Target::kNew}};
constexpr EscalationStep kSagemakerCreateProcessingJob[] = {{"iam:PassRole", Target::kPassedRole},
                                                            {"sagemaker:CreateProcessingJob", Target::kNew}};
constexpr EscalationStep kSagemakerCreateTuningJob[] = {{"iam:PassRole", Target::kPassedRole},
                                                        {"sagemaker:CreateHyperParameterTuningJob", Target::kNew}};
constexpr EscalationStep kBraketCreateJob[] = {{"iam:PassRole", Target::kPassedRole},
                                               {"braket:CreateJob", Target::kNew, "job device"}};
constexpr EscalationStep kGameliftCreateFleet[] = {{"iam:PassRole", Target::kPassedRole},
                                                   {"gamelift:CreateBuild", Target::kNew},
                                                   {"gamelift:RequestUploadCredentials", Target::kNew},
                                                   {"gamelift:CreateFleet", Target::kNew}};
constexpr EscalationStep kApprunnerCreateService[] = {{"iam:PassRole", Target::kPassedRole},
                                                      {"apprunner:CreateService", Target::kNew}};
constexpr EscalationStep kBedrockAgentcoreCreateCodeInterpreter[] = {
    {"iam:PassRole", Target::kPassedRole},
    {"bedrock-agentcore:CreateCodeInterpreter", Target::kNew},
    {"bedrock-agentcore:StartCodeInterpreterSession", Target::kNew, "code-interpreter-custom"},
    {"bedrock-agentcore:InvokeCodeInterpreter", Target::kNew, "code-interpreter-custom"}};
constexpr EscalationStep kBedrockAgentcoreCreateRuntime[] = {
    {"iam:PassRole", Target::kPassedRole},
    {"bedrock-agentcore:CreateAgentRuntime", Target::kNew},
    {"bedrock-agentcore:CreateAgentRuntimeEndpoint", Target::kNew},
    {"bedrock-agentcore:CreateWorkloadIdentity", Target::kNew},
    {"bedrock-agentcore:InvokeAgentRuntimeCommand", Target::kNew}};
constexpr EscalationStep kStatesCreateStart[] = {{"iam:PassRole", Target::kPassedRole},
                                                 {"states:CreateStateMachine", Target::kNew},
                                                 {"states:StartExecution", Target::kNew}};
constexpr EscalationStep kSchedulerCreateSchedule[] = {{"iam:PassRole", Target::kPassedRole},
                                                       {"scheduler:CreateSchedule", Target::kNew}};
constexpr EscalationStep kSsmStartAutomation[] = {{"iam:PassRole", Target::kPassedRole},
                                                  {"ssm:StartAutomationExecution", Target::kNew}};
constexpr EscalationStep kLambdaUpdateCode[] = {{"lambda:UpdateFunctionCode", Target::kExisting}};
constexpr EscalationStep kLambdaUpdateConfiguration[] = {{"lambda:UpdateFunctionConfiguration", Target::kExisting}};
constexpr EscalationStep kEc2ModifyUserData[] = {{"ec2:ModifyInstanceAttribute", Target::kExisting},
                                                 {"ec2:StopInstances", Target::kExisting},
                                                 {"ec2:StartInstances", Target::kExisting}};
constexpr EscalationStep kEc2ModifyLaunchTemplate[] = {{"ec2:CreateLaunchTemplateVersion", Target::kExisting},
                                                       {"ec2:ModifyLaunchTemplate", Target::kExisting}};
constexpr EscalationStep kEc2InstanceConnect[] = {{"ec2-instance-connect:SendSSHPublicKey", Target::kExisting}};
constexpr EscalationStep kSsmStartSession[] = {
    {"ssm:StartSession", Target::kExisting, "instance document=SSM-SessionManagerRunShell"}};
constexpr EscalationStep kSsmSendCommand[] = {
    {"ssm:SendCommand", Target::kExisting, "instance document=AWS-RunShellScript"}};
constexpr EscalationStep kGlueUpdateDevEndpoint[] = {{"glue:UpdateDevEndpoint", Target::kExisting}};
constexpr EscalationStep kCloudformationUpdateStack[] = {{"cloudformation:UpdateStack", Target::kExisting}};
constexpr EscalationStep kCloudformationChangeSet[] = {{"cloudformation:CreateChangeSet", Target::kExisting},
                                                       {"cloudformation:ExecuteChangeSet", Target::kExisting}};
constexpr EscalationStep kCodebuildStartBuild[] = {{"codebuild:StartBuild", Target::kExisting}};
constexpr EscalationStep kCodebuildStartBuildBatch[] = {{"codebuild:StartBuildBatch", Target::kExisting}};
constexpr EscalationStep kSagemakerPresignedNotebook[] = {
    {"sagemaker:CreatePresignedNotebookInstanceUrl", Target::kExisting}};
constexpr EscalationStep kSagemakerNotebookLifecycle[] = {
    {"sagemaker:CreateNotebookInstanceLifecycleConfig", Target::kNew},
    {"sagemaker:StopNotebookInstance", Target::kExisting},
    {"sagemaker:UpdateNotebookInstance", Target::kExisting},
    {"sagemaker:StartNotebookInstance", Target::kExisting}};
constexpr EscalationStep kApprunnerUpdateService[] = {{"apprunner:UpdateService", Target::kExisting}};
constexpr EscalationStep kEcsExecuteCommand[] = {{"ecs:ExecuteCommand", Target::kExisting, "task cluster=*"}};
constexpr EscalationStep kStatesUpdateStart[] = {{"states:UpdateStateMachine", Target::kExisting},
                                                 {"states:StartExecution", Target::kExisting}};
constexpr EscalationStep kEksAssociateAccessPolicy[] = {{"eks:CreateAccessEntry", Target::kExisting},
                                                        {"eks:AssociateAccessPolicy", Target::kNew}};
constexpr EscalationStep kBedrockAgentcoreInvokeCodeInterpreter[] = {
    {"bedrock-agentcore:StartCodeInterpreterSession", Target::kExisting, "code-interpreter-custom"},
    {"bedrock-agentcore:InvokeCodeInterpreter", Target::kExisting, "code-interpreter-custom"}};

constexpr std::array<EscalationMethod, 89> kMethods = {{
    // The permissions of the caller itself.
    {"iam-create-policy-version", "write a new default version of a policy it has", "any permission", Callers::kAnyone,
     "", kIamCreatePolicyVersion, false},
    {"iam-set-default-policy-version", "make an older version of a policy it has the default one",
     "the permissions of that version", Callers::kAnyone, "", kIamSetDefaultPolicyVersion, false},
    {"iam-attach-user-policy", "attach any policy to its own user", "any permission", Callers::kUsers, "",
     kIamAttachUserPolicy, false},
    {"iam-attach-role-policy", "attach any policy to its own role", "any permission", Callers::kRoles, "",
     kIamAttachRolePolicy, false},
    {"iam-attach-group-policy", "attach any policy to a group it is in", "any permission", Callers::kUsers, "",
     kIamAttachGroupPolicy, false},
    {"iam-put-user-policy", "write an inline policy of its own user", "any permission", Callers::kUsers, "",
     kIamPutUserPolicy, false},
    {"iam-put-role-policy", "write an inline policy of its own role", "any permission", Callers::kRoles, "",
     kIamPutRolePolicy, false},
    {"iam-put-group-policy", "write an inline policy of a group it is in", "any permission", Callers::kUsers, "",
     kIamPutGroupPolicy, false},
    {"iam-add-user-to-group", "join another group", "the permissions of that group", Callers::kUsers, "",
     kIamAddUserToGroup, false},
    {"iam-delete-user-boundary", "take away its permissions boundary", "what the boundary withheld", Callers::kUsers,
     "", kIamDeleteUserBoundary, true},
    {"iam-delete-role-boundary", "take away its permissions boundary", "what the boundary withheld", Callers::kRoles,
     "", kIamDeleteRoleBoundary, true},
    {"iam-put-user-boundary", "replace its permissions boundary", "what the boundary withheld", Callers::kUsers, "",
     kIamPutUserBoundary, true},
    {"iam-put-role-boundary", "replace its permissions boundary", "what the boundary withheld", Callers::kRoles, "",
     kIamPutRoleBoundary, true},
    // Other principals.
    {"iam-create-access-key", "make an access key of another user", "the permissions of that user", Callers::kAnyone,
     "", kIamCreateAccessKey, false},
    {"iam-create-login-profile", "give another user a password", "the permissions of that user", Callers::kAnyone, "",
     kIamCreateLoginProfile, false},
    {"iam-update-login-profile", "change the password of another user", "the permissions of that user",
     Callers::kAnyone, "", kIamUpdateLoginProfile, false},
    {"iam-update-assume-role-policy", "make another role trust it", "the permissions of that role", Callers::kAnyone,
     "", kIamUpdateAssumeRolePolicy, false},
    {"sts-assume-role", "assume a role that trusts it", "the permissions of that role", Callers::kAnyone, "",
     kStsAssumeRole, false},
    {"iam-attach-user-policy-create-access-key", "attach any policy to another user and make an access key of theirs",
     "any permission", Callers::kAnyone, "", kIamAttachUserPolicyCreateAccessKey, false},
    {"iam-put-user-policy-create-access-key", "write an inline policy of another user and make an access key of theirs",
     "any permission", Callers::kAnyone, "", kIamPutUserPolicyCreateAccessKey, false},
    {"iam-attach-role-policy-assume-role", "attach any policy to another role and assume it", "any permission",
     Callers::kAnyone, "", kIamAttachRolePolicyAssumeRole, false},
    {"iam-put-role-policy-assume-role", "write an inline policy of another role and assume it", "any permission",
     Callers::kAnyone, "", kIamPutRolePolicyAssumeRole, false},
    {"iam-create-policy-version-assume-role", "write a new default version of a policy of another role and assume it",
     "any permission", Callers::kAnyone, "", kIamCreatePolicyVersionAssumeRole, false},
    {"iam-attach-role-policy-update-trust", "attach any policy to another role and make it trust the caller",
     "any permission", Callers::kAnyone, "", kIamAttachRolePolicyUpdateTrust, false},
    {"iam-put-role-policy-update-trust", "write an inline policy of another role and make it trust the caller",
     "any permission", Callers::kAnyone, "", kIamPutRolePolicyUpdateTrust, false},
    {"iam-create-policy-version-update-trust",
     "write a new default version of a policy of another role and make it trust the caller", "any permission",
     Callers::kAnyone, "", kIamCreatePolicyVersionUpdateTrust, false},
    {"iam-create-role-attach-policy", "make a role that trusts it and attach any policy to it", "any permission",
     Callers::kAnyone, "", kIamCreateRoleAttachPolicy, false},
    {"iam-create-role-put-policy", "make a role that trusts it and write its policy", "any permission",
     Callers::kAnyone, "", kIamCreateRolePutPolicy, false},
    // A role passed to something new, or to something that runs.
    {"lambda-create-invoke", "pass a role to a new Lambda function and invoke it", "the permissions of that role",
     Callers::kAnyone, "lambda.amazonaws.com", kLambdaCreateInvoke, false},
    {"lambda-create-permission", "pass a role to a new Lambda function and let another account invoke it",
     "the permissions of that role", Callers::kAnyone, "lambda.amazonaws.com", kLambdaCreatePermission, false},
    {"lambda-create-event-source", "pass a role to a new Lambda function and feed it from a queue or stream",
     "the permissions of that role", Callers::kAnyone, "lambda.amazonaws.com", kLambdaCreateEventSource, false},
    {"ec2-run-instances", "start an instance with a role", "the permissions of that role", Callers::kAnyone,
     "ec2.amazonaws.com", kEc2RunInstances, false},
    {"ec2-request-spot-instances", "request a spot instance with a role", "the permissions of that role",
     Callers::kAnyone, "ec2.amazonaws.com", kEc2RequestSpotInstances, false},
    {"ec2-associate-instance-profile", "give a running instance a role", "the permissions of that role",
     Callers::kAnyone, "ec2.amazonaws.com", kEc2AssociateInstanceProfile, false},
    {"ec2-replace-instance-profile", "give a running instance another role", "the permissions of that role",
     Callers::kAnyone, "ec2.amazonaws.com", kEc2ReplaceInstanceProfile, false},
    {"iam-add-role-to-instance-profile", "put another role into an instance profile in use",
     "the permissions of that role", Callers::kAnyone, "ec2.amazonaws.com", kIamAddRoleToInstanceProfile, false},
    {"autoscaling-create-group", "start instances with a role through an Auto Scaling group",
     "the permissions of that role", Callers::kAnyone, "ec2.amazonaws.com", kAutoscalingCreateGroup, false},
    {"cloudformation-create-stack", "make a stack with a role", "the permissions of that role", Callers::kAnyone,
     "cloudformation.amazonaws.com", kCloudformationCreateStack, false},
    {"cloudformation-create-stack-set", "make a stack set with a role", "the permissions of that role",
     Callers::kAnyone, "cloudformation.amazonaws.com", kCloudformationCreateStackSet, false},
    {"cloudformation-update-stack-set", "change a stack set with a role", "the permissions of that role",
     Callers::kAnyone, "cloudformation.amazonaws.com", kCloudformationUpdateStackSet, false},
    {"codebuild-create-start", "run a new build project with a role", "the permissions of that role", Callers::kAnyone,
     "codebuild.amazonaws.com", kCodebuildCreateStart, false},
    {"codebuild-create-start-batch", "run a batch of a new build project with a role", "the permissions of that role",
     Callers::kAnyone, "codebuild.amazonaws.com", kCodebuildCreateStartBatch, false},
    {"datapipeline-create", "run a new pipeline with a role", "the permissions of that role", Callers::kAnyone,
     "datapipeline.amazonaws.com", kDatapipelineCreate, false},
    {"ecs-run-task", "run a container with a role", "the permissions of that role", Callers::kAnyone,
     "ecs-tasks.amazonaws.com", kEcsRunTask, false},
    {"ecs-create-service", "run a container with a role as a service", "the permissions of that role", Callers::kAnyone,
     "ecs-tasks.amazonaws.com", kEcsCreateService, false},
    {"ecs-start-task", "run a container with a role on a chosen instance", "the permissions of that role",
     Callers::kAnyone, "ecs-tasks.amazonaws.com", kEcsStartTask, false},
    {"batch-submit-job", "run a batch job with a role", "the permissions of that role", Callers::kAnyone,
     "ecs-tasks.amazonaws.com", kBatchSubmitJob, false},
    {"glue-create-dev-endpoint", "make a development endpoint with a role", "the permissions of that role",
     Callers::kAnyone, "glue.amazonaws.com", kGlueCreateDevEndpoint, false},
    {"glue-create-session", "run code in an interactive session with a role", "the permissions of that role",
     Callers::kAnyone, "glue.amazonaws.com", kGlueCreateSession, false},
    {"glue-create-job-run", "run a new job with a role", "the permissions of that role", Callers::kAnyone,
     "glue.amazonaws.com", kGlueCreateJobRun, false},
    {"glue-create-job-trigger", "make a new job with a role and a trigger for it", "the permissions of that role",
     Callers::kAnyone, "glue.amazonaws.com", kGlueCreateJobTrigger, false},
    {"glue-update-job-run", "give a job another script and role and run it", "the permissions of that role",
     Callers::kAnyone, "glue.amazonaws.com", kGlueUpdateJobRun, false},
    {"glue-update-job-trigger", "give a job another script and role and a trigger", "the permissions of that role",
     Callers::kAnyone, "glue.amazonaws.com", kGlueUpdateJobTrigger, false},
    {"emr-run-job-flow", "start a cluster with a role", "the permissions of that role", Callers::kAnyone,
     "ec2.amazonaws.com", kEmrRunJobFlow, false},
    {"emr-serverless-run-job", "run a job in a new serverless application with a role", "the permissions of that role",
     Callers::kAnyone, "emr-serverless.amazonaws.com", kEmrServerlessRunJob, false},
    {"sagemaker-create-notebook", "make a notebook with a role", "the permissions of that role", Callers::kAnyone,
     "sagemaker.amazonaws.com", kSagemakerCreateNotebook, false},
    {"sagemaker-create-training-job", "run a training job with a role", "the permissions of that role",
     Callers::kAnyone, "sagemaker.amazonaws.com", kSagemakerCreateTrainingJob, false},
    {"sagemaker-create-processing-job", "run a processing job with a role", "the permissions of that role",
     Callers::kAnyone, "sagemaker.amazonaws.com", kSagemakerCreateProcessingJob, false},
    {"sagemaker-create-tuning-job", "run a hyperparameter tuning job with a role", "the permissions of that role",
     Callers::kAnyone, "sagemaker.amazonaws.com", kSagemakerCreateTuningJob, false},
    {"braket-create-job", "run a hybrid quantum job with a role", "the permissions of that role", Callers::kAnyone,
     "braket.amazonaws.com", kBraketCreateJob, false},
    {"gamelift-create-fleet", "run a build of its own on a new fleet with a role", "the permissions of that role",
     Callers::kAnyone, "gamelift.amazonaws.com", kGameliftCreateFleet, false},
    {"apprunner-create-service", "run a new service with a role", "the permissions of that role", Callers::kAnyone,
     "tasks.apprunner.amazonaws.com", kApprunnerCreateService, false},
    {"bedrock-agentcore-create-code-interpreter", "run code in a new code interpreter with a role",
     "the permissions of that role", Callers::kAnyone, "bedrock-agentcore.amazonaws.com",
     kBedrockAgentcoreCreateCodeInterpreter, false},
    {"bedrock-agentcore-create-runtime", "run commands in a new agent runtime with a role",
     "the permissions of that role", Callers::kAnyone, "bedrock-agentcore.amazonaws.com",
     kBedrockAgentcoreCreateRuntime, false},
    {"states-create-start", "run a new state machine with a role", "the permissions of that role", Callers::kAnyone,
     "states.amazonaws.com", kStatesCreateStart, false},
    {"scheduler-create-schedule", "let a schedule call AWS with a role", "the permissions of that role",
     Callers::kAnyone, "scheduler.amazonaws.com", kSchedulerCreateSchedule, false},
    {"ssm-start-automation", "run an automation with a role", "the permissions of that role", Callers::kAnyone,
     "ssm.amazonaws.com", kSsmStartAutomation, false},
    // Something that has a role already.
    {"lambda-update-code", "replace the code of a Lambda function", "the permissions of its role", Callers::kAnyone, "",
     kLambdaUpdateCode, false},
    {"lambda-update-configuration", "put a layer with code of its own into a Lambda function",
     "the permissions of its role", Callers::kAnyone, "", kLambdaUpdateConfiguration, false},
    {"ec2-modify-user-data", "stop an instance, replace its start script and start it", "the permissions of its role",
     Callers::kAnyone, "", kEc2ModifyUserData, false},
    {"ec2-modify-launch-template", "make a launch template start other code", "the permissions of its role",
     Callers::kAnyone, "", kEc2ModifyLaunchTemplate, false},
    {"ec2-instance-connect", "log in to an instance with a key of its own", "the permissions of its role",
     Callers::kAnyone, "", kEc2InstanceConnect, false},
    {"ssm-start-session", "open a shell on an instance", "the permissions of its role", Callers::kAnyone, "",
     kSsmStartSession, false},
    {"ssm-send-command", "run commands on instances", "the permissions of its role", Callers::kAnyone, "",
     kSsmSendCommand, false},
    {"glue-update-dev-endpoint", "put a key of its own on a development endpoint", "the permissions of its role",
     Callers::kAnyone, "", kGlueUpdateDevEndpoint, false},
    {"cloudformation-update-stack", "change the template of a stack that has a role", "the permissions of its role",
     Callers::kAnyone, "", kCloudformationUpdateStack, false},
    {"cloudformation-change-set", "change the template of a stack that has a role by a change set",
     "the permissions of its role", Callers::kAnyone, "", kCloudformationChangeSet, false},
    {"codebuild-start-build", "run a build project with commands of its own", "the permissions of its role",
     Callers::kAnyone, "", kCodebuildStartBuild, false},
    {"codebuild-start-build-batch", "run a batch of a build project with commands of its own",
     "the permissions of its role", Callers::kAnyone, "", kCodebuildStartBuildBatch, false},
    {"sagemaker-presigned-notebook", "open a notebook", "the permissions of its role", Callers::kAnyone, "",
     kSagemakerPresignedNotebook, false},
    {"sagemaker-notebook-lifecycle", "give a notebook another start script", "the permissions of its role",
     Callers::kAnyone, "", kSagemakerNotebookLifecycle, false},
    {"apprunner-update-service", "make a service run another image", "the permissions of its role", Callers::kAnyone,
     "", kApprunnerUpdateService, false},
    {"ecs-execute-command", "open a shell in a container", "the permissions of its role", Callers::kAnyone, "",
     kEcsExecuteCommand, false},
    {"states-update-start", "change the definition of a state machine and run it", "the permissions of its role",
     Callers::kAnyone, "", kStatesUpdateStart, false},
    {"eks-associate-access-policy", "make itself administrator of a cluster, and so of its pods",
     "the permissions of their roles", Callers::kAnyone, "", kEksAssociateAccessPolicy, false},
    {"bedrock-agentcore-invoke-code-interpreter", "run code in a code interpreter", "the permissions of its role",
     Callers::kAnyone, "", kBedrockAgentcoreInvokeCodeInterpreter, false},
    // Permission sets, which only the management account of an organization, or the one it delegates them to, can
    // change.
    {"sso-put-inline-policy", "write the inline policy of a permission set and roll it out", "any permission",
     Callers::kAnyone, "", kSsoPutInlinePolicy, false},
    {"sso-attach-managed-policy", "attach a policy of AWS to a permission set and roll it out", "any permission",
     Callers::kAnyone, "", kSsoAttachManagedPolicy, false},
    {"sso-create-account-assignment", "assign a permission set to somebody", "the permissions of that permission set",
     Callers::kAnyone, "", kSsoCreateAccountAssignment, false},
}};

constexpr std::string_view kServices[] = {
    "airflow-env.amazonaws.com",
    "airflow.amazonaws.com",
    "bedrock-agentcore.amazonaws.com",
    "braket.amazonaws.com",
    "build.apprunner.amazonaws.com",
    "cloudformation.amazonaws.com",
    "codebuild.amazonaws.com",
    "codepipeline.amazonaws.com",
    "databrew.amazonaws.com",
    "datapipeline.amazonaws.com",
    "ec2.amazonaws.com",
    "ecs-tasks.amazonaws.com",
    "edgelambda.amazonaws.com",
    "emr-serverless.amazonaws.com",
    "gamelift.amazonaws.com",
    "glue.amazonaws.com",
    "greengrass.amazonaws.com",
    "imagebuilder.amazonaws.com",
    "lambda.amazonaws.com",
    "pods.eks.amazonaws.com",
    "sagemaker.amazonaws.com",
    "scheduler.amazonaws.com",
    "ssm.amazonaws.com",
    "states.amazonaws.com",
    "tasks.apprunner.amazonaws.com",
};

}  // namespace

std::span<const EscalationMethod> escalation_methods() {
  return kMethods;
}

std::span<const std::string_view> services_that_run_code() {
  return kServices;
}

}  // namespace gabion::iam
