/** The app for `cdktf.test.ts`: the smallest environment, which the test deploys, and one with state in S3, which it only plans. */
import { createApp } from '../../../modules/app';
import { noFeatures, production } from '../../support/stack';

createApp([noFeatures, production]).synth();
