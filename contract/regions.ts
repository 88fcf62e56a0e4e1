/**
 * CloudFront, its web ACL, its certificates and their metrics are in this region, wherever the rest of a deployment is.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html
 */
export const GLOBAL_REGION = 'us-east-1';
