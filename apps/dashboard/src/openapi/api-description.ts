import type { INestApplication } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { OpenAPIObject } from '@nestjs/swagger';

/** The API as OpenAPI, made of the code that serves it. */
@Injectable()
export class ApiDescription {
  #document: OpenAPIObject | undefined;

  /** Throws where `describe` was not called at the start. */
  get document(): OpenAPIObject {
    if (this.#document === undefined) throw new Error('The API was not described: call describe(app) first');
    return this.#document;
  }

  describe(app: INestApplication): void {
    const about = new DocumentBuilder()
      .setTitle('Financial Analysis Engine')
      .setDescription('Ticks, bars and metrics, and the pipeline they come from.')
      .setVersion('1')
      .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'DASHBOARD_TOKEN, where it is set' })
      .addCookieAuth('engine-session', { type: 'apiKey', in: 'cookie', description: 'From POST /login' })
      .build();
    this.#document = SwaggerModule.createDocument(app, about, {
      operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}.${method}`,
    });
  }
}
