/** The app for the test of the CDKTF CLI: the smallest environment, which it deploys, and one with state in S3, which it only plans. */
import { createApp } from '../../../modules/app';
import { noFeatures, production } from '../../support/stack';

createApp([noFeatures, production]).synth();
