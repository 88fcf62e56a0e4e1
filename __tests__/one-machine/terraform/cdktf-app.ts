/** The app that the test of the CDKTF CLI deploys: the smallest environment, and one whose state is in S3. */
import { createApp } from '../../../modules/app';
import { noFeatures, production } from '../../support/stack';

createApp([noFeatures, production]).synth();
