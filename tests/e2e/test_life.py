"""The life of flight-delay on a local cloud of its own, seen from outside through the AWS APIs."""

from __future__ import annotations

import json
import subprocess
import urllib.request
from datetime import datetime
from urllib.parse import urlparse

import pytest
from botocore.exceptions import ClientError

from infra.config.loader import load
from local.rehearsal import deploy
from local.rehearsal.monitoring import report_folder
from tests.e2e.conftest import ROOT

pytestmark = pytest.mark.e2e
NAME = "sagestead-local-flight-delay"


@pytest.fixture(scope="session")
def run(rehearsal):
    return rehearsal.run


@pytest.fixture(scope="session")
def cloud(rehearsal):
    return rehearsal.place.client


def reports(cloud, execution: str) -> dict[str, dict]:
    """The JSON files that one monitor execution wrote, by name."""
    uri = urlparse(report_folder(cloud("sagemaker"), execution))
    s3, prefix = cloud("s3"), uri.path.strip("/") + "/"
    listed = s3.list_objects_v2(Bucket=uri.netloc, Prefix=prefix)["Contents"]
    names = [item["Key"].removeprefix(prefix) for item in listed if item["Key"].endswith(".json")]
    return {name: json.loads(s3.get_object(Bucket=uri.netloc, Key=prefix + name)["Body"].read()) for name in names}


def test_every_stack_is_complete(cloud):
    stacks = [s for s in cloud("cloudformation").describe_stacks()["Stacks"] if s["StackName"].startswith("sagestead-")]
    assert len(stacks) == 8
    assert {stack["StackStatus"] for stack in stacks} <= {"CREATE_COMPLETE", "UPDATE_COMPLETE"}


def test_every_step_was_done_and_timed(run, rehearsal):
    assert {step["status"] for step in run["steps"]} <= {"done", "unchanged"}
    assert all(step["seconds"] >= 0 for step in run["steps"])
    assert "Canary under traffic" in rehearsal.output


def test_two_packages_were_registered_with_metrics_and_baselines_of_their_own(cloud):
    sagemaker = cloud("sagemaker")
    listed = sagemaker.list_model_packages(ModelPackageGroupName=NAME, SortOrder="Ascending")["ModelPackageSummaryList"]
    found = [sagemaker.describe_model_package(ModelPackageName=p["ModelPackageArn"]) for p in listed]
    assert [package["ModelApprovalStatus"] for package in found] == ["Approved", "Approved"]
    baselines = {p["DriftCheckBaselines"]["ModelDataQuality"]["Statistics"]["S3Uri"] for p in found}
    assert len(baselines) == 2
    for package in found:
        uri = urlparse(package["ModelMetrics"]["ModelQuality"]["Statistics"]["S3Uri"])
        body = cloud("s3").get_object(Bucket=uri.netloc, Key=uri.path.strip("/"))["Body"].read()
        auc = json.loads(body)["binary_classification_metrics"]["auc"]["value"]
        assert 0.65 <= auc < 0.9  # a better value would mean that the label leaked


def test_the_endpoint_serves_the_second_package_with_capture_on(cloud):
    sagemaker = cloud("sagemaker")
    endpoint = sagemaker.describe_endpoint(EndpointName=NAME)
    config = sagemaker.describe_endpoint_config(EndpointConfigName=endpoint["EndpointConfigName"])
    model = sagemaker.describe_model(ModelName=config["ProductionVariants"][0]["ModelName"])
    containers = model.get("Containers") or [model["PrimaryContainer"]]
    assert endpoint["EndpointStatus"] == "InService"
    assert config["DataCaptureConfig"]["EnableCapture"] is True
    assert containers[0]["ModelPackageName"].endswith(f"{NAME}/2")


def test_captured_records_have_sagemakers_format(cloud):
    uri = urlparse(cloud("sagemaker").describe_endpoint(EndpointName=NAME)["DataCaptureConfig"]["DestinationS3Uri"])
    s3 = cloud("s3")
    prefix = f"{uri.path.strip('/')}/{NAME}/champion/"
    first = s3.list_objects_v2(Bucket=uri.netloc, Prefix=prefix)["Contents"][0]["Key"]
    line = json.loads(s3.get_object(Bucket=uri.netloc, Key=first)["Body"].read().splitlines()[0])
    assert first.removeprefix(prefix).count("/") == 4  # yyyy/mm/dd/hh/file
    assert line["eventVersion"] == "0"
    assert {"eventId", "inferenceTime"} <= set(line["eventMetadata"])
    sent, answered = line["captureData"]["endpointInput"], line["captureData"]["endpointOutput"]
    assert (sent["mode"], sent["encoding"], sent["observedContentType"]) == ("INPUT", "CSV", "text/csv")
    assert len(sent["data"].split(",")) == 16
    assert 0 <= float(answered["data"]) <= 1


def test_march_is_as_the_baseline_and_june_has_drifted_until_the_model_is_retrained(cloud, run):
    violated = {w["label"]: reports(cloud, w["execution_arn"])["constraint_violations.json"] for w in run["windows"]}
    assert violated["March"]["violations"] == []
    assert violated["June, retrained"]["violations"] == []
    june = {v["feature_name"]: v["constraint_check_type"] for v in violated["June"]["violations"]}
    assert june == {
        "temperature_fahrenheit": "baseline_drift_check",
        "dew_point_fahrenheit": "baseline_drift_check",
    }


def test_the_monitors_files_have_model_monitors_schemas(cloud, run):
    found = reports(cloud, run["windows"][1]["execution_arn"])
    statistics, constraints = found["statistics.json"], found["constraints.json"]
    assert statistics["version"] == constraints["version"] == 0
    assert statistics["dataset"]["item_count"] >= 3000
    feature = next(f for f in statistics["features"] if f["name"] == "temperature_fahrenheit")
    assert feature["inferred_type"] == "Fractional"
    assert {"common", "mean", "sum", "std_dev", "min", "max", "distribution"} <= set(feature["numerical_statistics"])
    assert {"buckets", "sketch"} <= set(feature["numerical_statistics"]["distribution"]["kll"])
    assert constraints["monitoring_config"]["distribution_constraints"]["comparison_threshold"] == 0.6


def test_the_drift_alarm_was_raised_once_and_told(cloud):
    alarm = f"{NAME}-data-quality-drift"
    history = cloud("cloudwatch").describe_alarm_history(AlarmName=alarm, HistoryItemType="StateUpdate")
    raised = [item for item in history["AlarmHistoryItems"] if "to ALARM" in item["HistorySummary"]]
    assert len(raised) == 1
    described = cloud("cloudwatch").describe_alarms(AlarmNames=[alarm])["MetricAlarms"][0]
    assert described["AlarmActions"]
    assert "runbook" in described["AlarmDescription"].lower()


def test_the_second_training_was_started_by_the_alarm_and_not_by_hand(cloud, run):
    executions = [training["execution_arn"] for training in run["training"]]
    sagemaker = cloud("sagemaker")
    described = sagemaker.describe_pipeline_execution(PipelineExecutionArn=executions[1])
    parameters = sagemaker.list_pipeline_parameters_for_execution(PipelineExecutionArn=executions[1])
    version = next(p["Value"] for p in parameters["PipelineParameters"] if p["Name"] == "DataVersion")
    assert "drift" in described["PipelineExecutionDescription"]
    assert datetime.fromisoformat(version.replace("Z", "+00:00"))  # the time of the alarm


def test_no_request_failed_in_any_phase(run):
    assert all(sent["errors"] == 0 for sent in run["traffic"])
    during = next(sent for sent in run["traffic"] if sent["label"] == "during the canary")
    assert during["rows"] > 50


def test_no_event_was_given_up(cloud):
    sqs = cloud("sqs")
    depth = "ApproximateNumberOfMessages"
    urls = sqs.list_queues()["QueueUrls"]
    assert sum("DeadLette" in url for url in urls) == 2  # CloudFormation cuts long names
    for url in urls:
        assert sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[depth])["Attributes"][depth] == "0"


def test_the_feature_store_has_the_newest_records_online_and_the_window_offline(cloud):
    group = cloud("sagemaker").describe_feature_group(FeatureGroupName=NAME)
    uri = urlparse(group["OfflineStoreConfig"]["S3StorageConfig"]["ResolvedOutputS3Uri"])
    keys = cloud("s3").list_objects_v2(Bucket=uri.netloc, Prefix=uri.path.strip("/"))["Contents"]
    assert len(keys) > 500
    records = cloud("sagemaker-featurestore-runtime").list_records(FeatureGroupName=NAME, MaxResults=5)
    identifier = records["RecordIdentifiers"][0]
    record = cloud("sagemaker-featurestore-runtime").get_record(
        FeatureGroupName=NAME, RecordIdentifierValueAsString=identifier
    )["Record"]
    assert {"flight_id", "arrived_late", "temperature_fahrenheit"} <= {feature["FeatureName"] for feature in record}


def test_jobs_logged_to_cloudwatch(cloud):
    logs = cloud("logs")
    for group in ("/aws/sagemaker/ProcessingJobs", "/aws/sagemaker/TrainingJobs", f"/aws/sagemaker/Endpoints/{NAME}"):
        assert logs.describe_log_streams(logGroupName=group)["logStreams"]


def test_the_page_is_served_and_says_that_all_is_well(rehearsal):
    with urllib.request.urlopen(f"http://127.0.0.1:{rehearsal.place.report_port}/report.html") as answer:
        text = answer.read().decode()
    assert "All is well" in text
    assert "temperature_fahrenheit" in text


def test_a_second_up_is_quick_and_changes_nothing(rehearsal, cloud):
    executions = cloud("sagemaker").list_pipeline_executions(PipelineName=NAME)["PipelineExecutionSummaries"]
    stacks = {s["StackName"]: s.get("LastUpdatedTime") for s in cloud("cloudformation").describe_stacks()["Stacks"]}
    again = rehearsal.command("up")
    assert "nothing has changed since it was lived" in again
    assert cloud("sagemaker").list_pipeline_executions(PipelineName=NAME)["PipelineExecutionSummaries"] == executions
    assert stacks == {
        s["StackName"]: s.get("LastUpdatedTime") for s in cloud("cloudformation").describe_stacks()["Stacks"]
    }


def test_the_configuration_of_the_environment_is_what_was_deployed(cloud):
    model = load(ROOT, "local").models[0]
    variant = cloud("sagemaker").describe_endpoint(EndpointName=NAME)["ProductionVariants"][0]
    limits = model.serving.autoscaling
    assert limits.min_instances <= variant["CurrentInstanceCount"] <= limits.max_instances


def test_everything_can_be_torn_down_by_the_cdk(rehearsal, cloud):
    """Last, because it destroys. SageMaker keeps a group that has packages, so people delete those themselves."""
    sagemaker, place = cloud("sagemaker"), rehearsal.place
    for package in sagemaker.list_model_packages(ModelPackageGroupName=NAME)["ModelPackageSummaryList"]:
        sagemaker.delete_model_package(ModelPackageName=package["ModelPackageArn"])
    command = [str(deploy.CDK), "destroy", "--force", "--app", str(place.cloud_assembly), "--no-notices", "local/*"]
    environment = place.environment_variables()
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=400)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-6000:]
    with pytest.raises(ClientError, match="Could not find"):
        sagemaker.describe_endpoint(EndpointName=NAME)
    stacks = [s["StackName"] for s in cloud("cloudformation").describe_stacks()["Stacks"]]
    assert stacks == ["CDKToolkit"]
    buckets = [bucket["Name"] for bucket in cloud("s3").list_buckets()["Buckets"]]
    assert [name for name in buckets if name.startswith("sagestead-")] == []
