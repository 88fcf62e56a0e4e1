/** The app for the test of the CDKTF CLI: only the database and its network, the smallest possible stack. */
import { createApp } from '../../../modules/app';
import { production, noFeatures } from '../../support/stack';

createApp([noFeatures, production]).synth();
