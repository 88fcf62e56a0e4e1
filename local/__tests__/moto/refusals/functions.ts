import {
  AddPermissionCommand,
  PublishLayerVersionCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { zipSync } from 'fflate';
import type { AwsClient } from '../../support/aws-client';
import { makeFunction, type Scenarios } from './resources';

const LONG_ENVIRONMENT = { Variables: { LONG: 'x'.repeat(4096) } };

/** One byte more than half of 250 MB, Lambda's limit for the unzipped code and layers of a function. */
const HALF = new Uint8Array(131_072_001);
const zipOfHalf = zipSync({ one: HALF }, { level: 1 });
const zipBeyondLimit = zipSync({ one: HALF, two: HALF }, { level: 1 });

/** Publishes a layer. @returns its ARN */
async function makeLayer(aws: AwsClient, ZipFile: Uint8Array = zipSync({})): Promise<string> {
  const layer = new PublishLayerVersionCommand({ LayerName: aws.newName(), Content: { ZipFile } });
  return (await aws.lambda.send(layer)).LayerVersionArn ?? '';
}

async function makeSixLayers(aws: AwsClient): Promise<string[]> {
  const arns: string[] = [];
  while (arns.length < 6) arns.push(await makeLayer(aws));
  return arns;
}

export const functions: Scenarios = {
  'lambda:CreateFunction, the name exists': async (aws) => makeFunction(aws, { FunctionName: await makeFunction(aws) }),
  'lambda:CreateFunction, the environment has more than 4 KB': async (aws) =>
    makeFunction(aws, { Environment: LONG_ENVIRONMENT }),
  'lambda:UpdateFunctionConfiguration, the environment has more than 4 KB': async (aws) => {
    const change = { FunctionName: await makeFunction(aws), Environment: LONG_ENVIRONMENT };
    return aws.lambda.send(new UpdateFunctionConfigurationCommand(change));
  },
  'lambda:CreateFunction, the function has more than 5 layers': async (aws) =>
    makeFunction(aws, { Layers: await makeSixLayers(aws) }),
  'lambda:UpdateFunctionConfiguration, the function has more than 5 layers': async (aws) => {
    const change = { FunctionName: await makeFunction(aws), Layers: await makeSixLayers(aws) };
    return aws.lambda.send(new UpdateFunctionConfigurationCommand(change));
  },
  'lambda:CreateFunction, the unzipped code and layers have more than 250 MB': async (aws) =>
    makeFunction(aws, { Code: { ZipFile: zipOfHalf }, Layers: [await makeLayer(aws, zipOfHalf)] }),
  'lambda:UpdateFunctionCode, the unzipped code and layers have more than 250 MB': async (aws) => {
    const FunctionName = await makeFunction(aws, { Layers: [await makeLayer(aws, zipOfHalf)] });
    return aws.lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: zipOfHalf }));
  },
  'lambda:UpdateFunctionConfiguration, the unzipped code and layers have more than 250 MB': async (aws) => {
    const FunctionName = await makeFunction(aws, { Code: { ZipFile: zipOfHalf } });
    const change = { FunctionName, Layers: [await makeLayer(aws, zipOfHalf)] };
    return aws.lambda.send(new UpdateFunctionConfigurationCommand(change));
  },
  'lambda:PublishLayerVersion, the unzipped layer has more than 250 MB': async (aws) => makeLayer(aws, zipBeyondLimit),
  'lambda:AddPermission, the statement exists': async (aws) => {
    const command = new AddPermissionCommand({
      FunctionName: await makeFunction(aws),
      StatementId: 'once',
      Action: 'lambda:InvokeFunction',
      Principal: 'apigateway.amazonaws.com',
    });
    await aws.lambda.send(command);
    return aws.lambda.send(command);
  },
};
