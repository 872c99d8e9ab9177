export * from '@stoa/sdk';
