"""Requests that Lambda refuses."""

import base64
import io
import json
import zipfile

from moto.awslambda.models import LambdaBackend

from .refuse import refuses

# Limit for a function's environment as compact JSON.
MOST_ENVIRONMENT_BYTES = 4_096
MOST_LAYERS = 5
# Limit for the unzipped size of one layer, and of a function's code with its layers.
MOST_CODE_BYTES = 262_144_000


@refuses("lambda:CreateFunction", "the name exists", LambdaBackend, "create_function")
def function_exists(self, spec):
    name = spec["FunctionName"]
    return f"Function already exist: {name}" if any(fn.function_name == name for fn in self.list_functions()) else None


def long_environment_error(spec):
    variables = (spec.get("Environment") or {}).get("Variables") or {}
    measured = json.dumps(variables, separators=(",", ":"), ensure_ascii=False)
    if len(measured.encode()) <= MOST_ENVIRONMENT_BYTES:
        return None
    return (
        "Lambda was unable to configure your environment variables because the environment variables you have provided"
        f" exceeded the 4KB limit. String measured: {measured}"
    )


@refuses("lambda:CreateFunction", "the environment has more than 4 KB", LambdaBackend, "create_function")
def function_with_long_environment(_self, spec):
    return long_environment_error(spec)


@refuses(
    "lambda:UpdateFunctionConfiguration",
    "the environment has more than 4 KB",
    LambdaBackend,
    "update_function_configuration",
)
def function_gets_long_environment(_self, _function_name, _qualifier, body):
    return long_environment_error(body)


def many_layers_error(spec):
    return f"Cannot reference more than {MOST_LAYERS} layers." if len(spec.get("Layers") or []) > MOST_LAYERS else None


@refuses("lambda:CreateFunction", "the function has more than 5 layers", LambdaBackend, "create_function")
def function_with_many_layers(_self, spec):
    return many_layers_error(spec)


@refuses("lambda:UpdateFunctionConfiguration", "the function has more than 5 layers", LambdaBackend, "update_function_configuration")
def function_gets_many_layers(_self, _function_name, _qualifier, body):
    return many_layers_error(body)


def unzipped_bytes(code):
    """Returns the total size of the files in a zip, as the zip itself lists them; 0 if the code is not a zip."""
    if not zipfile.is_zipfile(io.BytesIO(code)):
        return 0
    with zipfile.ZipFile(io.BytesIO(code)) as files:
        return sum(file.file_size for file in files.infolist())


def layer_bytes(backend, arns):
    return sum(unzipped_bytes(layer.code_bytes) for layer in map(backend.layers_versions_by_arn, arns) if layer)


def long_code_error(zip_file, bytes_of_layers=0):
    if zip_file is None or unzipped_bytes(base64.b64decode(zip_file)) + bytes_of_layers <= MOST_CODE_BYTES:
        return None
    return f"Unzipped size must be smaller than {MOST_CODE_BYTES - bytes_of_layers} bytes"


def layer_arns_of(function):
    return [layer["Arn"] for layer in function.layers]


@refuses("lambda:CreateFunction", "the unzipped code and layers have more than 250 MB", LambdaBackend, "create_function")
def function_with_long_code(self, spec):
    return long_code_error(spec["Code"].get("ZipFile"), layer_bytes(self, spec.get("Layers") or []))


@refuses("lambda:UpdateFunctionCode", "the unzipped code and layers have more than 250 MB", LambdaBackend, "update_function_code")
def function_gets_long_code(self, function_name, qualifier, body):
    return long_code_error(body.get("ZipFile"), layer_bytes(self, layer_arns_of(self.get_function(function_name, qualifier))))


@refuses(
    "lambda:UpdateFunctionConfiguration",
    "the unzipped code and layers have more than 250 MB",
    LambdaBackend,
    "update_function_configuration",
)
def function_gets_long_layers(self, function_name, qualifier, body):
    bytes_of_layers = layer_bytes(self, body.get("Layers") or [])
    code = self.get_function(function_name, qualifier).code_bytes
    # A request without layers cannot make the function larger.
    if bytes_of_layers == 0 or unzipped_bytes(code) + bytes_of_layers <= MOST_CODE_BYTES:
        return None
    return f"Layers consume more than the available size of {MOST_CODE_BYTES} bytes"


@refuses("lambda:PublishLayerVersion", "the unzipped layer has more than 250 MB", LambdaBackend, "publish_layer_version")
def long_layer(_self, spec):
    return long_code_error(spec["Content"].get("ZipFile"))


@refuses("lambda:AddPermission", "the statement exists", LambdaBackend, "add_permission")
def statement_exists(self, function_name, qualifier, raw):
    sid = json.loads(raw)["StatementId"]
    statements = self.get_function(function_name, qualifier).policy.statements
    if all(statement.get("Sid") != sid for statement in statements):
        return None
    return f"The statement id ({sid}) provided already exists. Please provide a new statement id, or remove the existing statement."
